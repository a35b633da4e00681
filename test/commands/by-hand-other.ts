import type { RunningAccessControl } from "../../lab/access-control/server";
import type { OtherProduct } from "../../providers/accessControl/products";
import { addUser } from "../engine/login";
import type { Servers } from "../engine/servers";
import { type ByHand, realmOf, setUpInAuthentik } from "./by-hand";

export const passwordOfUsers = "a p4ssword of users";

/** Three groups of authentik and their users, one of whom has no user elsewhere. */
export async function addGroups(servers: Servers): Promise<void> {
  for (const name of ["admins", "readers", "idle"])
    await servers.inAuthentik("POST", "core/groups/", { name });
  for (const [user, groups] of [
    ["alice", ["admins", "readers"]],
    ["bob", ["readers"]],
    ["newcomer", ["readers"]],
    ["carol", []],
  ] as const) {
    await addUser(servers, user, passwordOfUsers, [...groups]);
  }
}

/** A single sign-on that a person has set up on Backup Server or Datacenter Manager, with roles for each user. */
export async function setUpOnOther(
  servers: Servers,
  product: OtherProduct,
  name: string,
  { url, node }: RunningAccessControl,
): Promise<ByHand> {
  const made = await setUpInAuthentik(servers, { name, slug: product, url });
  for (const { pk, name: group } of await servers.listInAuthentik("core/groups/")) {
    if (!["admins", "readers", "idle"].includes(String(group))) continue;
    await servers.inAuthentik("POST", "policies/bindings/", {
      target: made.application.pk,
      group: pk,
      order: 0,
    });
  }
  const { realms, users, acl } = node.store;
  const { realm: id = "", ...options } = realmOf(made);
  realms.set({ type: "openid", id, options: { ...options, autocreate: true, default: true } });
  const ofServer = `alice@${node.product.ownRealm}`;
  for (const user of ["alice@authentik", "bob@authentik", "carol@authentik", ofServer]) {
    users.set({ type: "user", id: user, options: {} });
  }
  const [admin, reader] = product === "backup" ? ["Admin", "Audit"] : ["Administrator", "Auditor"];
  for (const [user, path, role, propagate] of [
    ["alice@authentik", "/", admin, true],
    ["alice@authentik", "/system", reader, false],
    ["bob@authentik", "/system", reader, false],
    ["carol@authentik", "/access", reader, true],
    [ofServer, "/", admin, true],
  ] as const) {
    acl.set({ path, id: user, role, propagate });
  }
  return made;
}
