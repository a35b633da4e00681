import { otherProductOf } from "../chain";
import { type Check, fail, pass } from "../check";
import type { Cluster } from "../subject";

/** `GET /version` requires only a login. The client explains a refused credential and another product. */
export const otherTokenCheck: Check<Cluster> = {
  name: "Proxmox token",
  needs: ["Proxmox answers"],
  async look(cluster) {
    const server = otherProductOf(cluster);
    const version = await server.version();
    return pass(`${server.product.name} ${version} accepts ${server.actingUser}`);
  },
};

/** A missing privilege would stop an `up` in the middle. A token needs what its user has, too. */
export const otherPrivilegesCheck: Check<Cluster> = {
  name: "Proxmox privileges",
  needs: ["Proxmox token"],
  async look(cluster) {
    const server = otherProductOf(cluster);
    const { needs, adminRole } = server.product;
    const has = await Promise.all(needs.map(({ privilege, path }) => server.may(privilege, path)));
    const missing = needs.filter((_, index) => !has[index]);
    if (missing.length === 0) return pass(`it has what ${adminRole} on /access gives`);
    const list = missing.map(({ privilege, path }) => `${privilege} on ${path}`).join(", ");
    return fail(`The credential lacks ${list}.`, server.whatItNeeds);
  },
};
