import { otherProducts } from "../../../providers/accessControl/products";
import { describeProxy, proxyFor } from "../../../providers/http/proxy";
import { isAnotherProduct, proxmoxVe } from "../../../providers/proxmox/products";
import { type Check, fail, failBy, pass } from "../check";
import { type Greeting, greet } from "../greet";
import type { Cluster, Subject } from "../subject";

export const authentikAnswersCheck: Check<Subject> = {
  name: "authentik answers",
  needs: ["Name of authentik"],
  async look(subject) {
    if (isNotMadeYet(subject)) return undefined;
    const { status } = await greetAuthentik(subject);
    return status === 200
      ? pass(
          `authentik is ready at ${subject.authentik.connection.url}${throughProxy(subject.authentik.connection.url)}`,
        )
      : fail(
          `authentik at ${subject.authentik.connection.url} is not ready (${status}).`,
          "A first start takes up to 3 minutes, and `npm run doctor -- --wait` waits for it. Otherwise check the logs of its containers.",
        );
  },
};

export const proxmoxAnswersCheck: Check<Cluster> = {
  name: "Proxmox answers",
  needs: ["Name of Proxmox"],
  async look(cluster) {
    const { key, product, connection } = cluster;
    const { status, product: found } = await greetProxmox(cluster);
    const expected = product ? otherProducts[product].name : proxmoxVe;
    if (found !== undefined && found !== expected) {
      return failBy(isAnotherProduct(found, connection.url, expected));
    }
    return status === 200
      ? pass(`Proxmox answers at ${cluster.connection.url}${throughProxy(cluster.connection.url)}`)
      : fail(
          `${cluster.connection.url} is not Proxmox's API: it answers ${status}.`,
          `Check ${key("proxmox.apiUrl")}, or the first of ${key("proxmox.addresses")}, and its port, usually ${portOf(cluster)}.`,
        );
  },
};

function portOf({ product }: Cluster): number {
  return product ? otherProducts[product].port : 8006;
}

/** Names the proxy in the environment, because people forget about it. */
function throughProxy(url: string): string {
  const proxy = proxyFor(url);
  return proxy === undefined ? "" : `, through the proxy ${describeProxy(proxy)}`;
}

/** Before the first `up`, the authentik of the stack does not exist. */
export function isNotMadeYet({ config, made }: Subject): boolean {
  return config.deployAuthentik && !made.anything;
}

export function greetAuthentik({ authentik }: Subject): Promise<Greeting> {
  const path = "/-/health/ready/";
  return greet({ ...authentik.connection, path, name: "authentik", caKey: "authentikCaCertificate" });
}

export function greetProxmox({ connection, key }: Cluster, url = connection.url): Promise<Greeting> {
  // The login page shows the list of realms, so it is readable without permissions.
  const path = "/api2/json/access/domains";
  return greet({ ...connection, url, path, name: "Proxmox", caKey: key("proxmox.caCertificate") });
}
