import { at } from "./declaring";
import { keyOf } from "./expected";
import type { Model } from "./model";
import { isProxmox, type Thing, type World } from "./world";

/** Deletes the bindings of our application, on request including the one that keeps it closed. */
export async function deleteBindings(
  world: World,
  model: Model,
  { which, closingToo }: { which: number; closingToo: boolean },
): Promise<void> {
  const things = await world.things();
  const isOf = (application: Thing) => (thing: Thing) =>
    thing.kind === "binding" &&
    thing.server === application.server &&
    thing.object.target === application.object.pk;
  const application = at(
    things.filter((thing) => thing.kind === "application" && model.isOurs(thing) && things.some(isOf(thing))),
    which,
  );
  if (application === undefined) return;
  const bindings = things
    .filter(isOf(application))
    .filter(({ name }) => closingToo || !/ closed /.test(name));
  for (const binding of bindings) await world.remove(binding);
  model.touched();
  if (!closingToo) return;
  for (const stack of model.all)
    if (stack.possible.some(({ clusters }) => Object.values(clusters).some(isCalled(application.name))))
      stack.isOpenedByHand = true;
}

function isCalled(name: string): (cluster: { called: string }) => boolean {
  return ({ called }) => called === name;
}

/** A person in the directory, in a group of ours or of others. */
export async function putIntoGroup(world: World, model: Model, which: number): Promise<void> {
  const groups = (await world.things()).filter(
    ({ kind, name }) => kind === "group" && !/^authentik | closed /.test(name),
  );
  const group = at(groups, which);
  if (group === undefined || isProxmox(group.server)) return;
  const username = `member-${model.foreign.length}-of-${group.name}`;
  const user = { username, name: "Member", groups: [group.object.pk] };
  const { pk } = await world.askAuthentik(group.server, "POST", "core/users/", user);
  const made = (await world.things()).find(
    (thing) => thing.server === group.server && thing.kind === "user" && thing.object.pk === pk,
  );
  if (made) model.foreign.push(made);
  model.shared.add(keyOf(group));
}

/** Proxmox creates a user at the first login. */
export async function logIn(world: World, model: Model, which: number): Promise<void> {
  const realms = (await world.things()).filter((thing) => thing.kind === "realm" && model.isOurs(thing));
  const found = at(realms, which);
  if (found === undefined || !isProxmox(found.server)) return;
  const { server, name: realm } = found;
  const userid = `zoe@${realm}`;
  const key = keyOf({ server, kind: "pveUser", name: userid });
  if (model.visitors.some((visitor) => visitor.key === key)) return;
  await world.askProxmox(server, "POST", "/access/users", { userid });
  model.visitors.push({ key, realm });
}
