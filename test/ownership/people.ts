import { at } from "./declaring";
import { keyOf } from "./keys";
import type { Model } from "./model";
import { isOther } from "./other-servers";
import { isAuthentik, type Thing, type World } from "./world";

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
  if (group === undefined || !isAuthentik(group.server)) return;
  const username = `member-${model.foreign.length}-of-${group.name}`;
  const user = { username, name: "Member", groups: [group.object.pk] };
  const { pk } = await world.askAuthentik(group.server, "POST", "core/users/", user);
  const made = (await world.things()).find(
    (thing) => thing.server === group.server && thing.kind === "user" && thing.object.pk === pk,
  );
  if (made) model.foreign.push(made);
  model.shared.add(keyOf(group));
}

/** A member leaves its groups, or its account is disabled. */
export async function leaveGroup(
  world: World,
  model: Model,
  { which, isDisabled }: { which: number; isDisabled: boolean },
): Promise<void> {
  const members = model.foreign.filter(({ kind, name }) => kind === "user" && name.startsWith("member-"));
  const member = at(members, which);
  if (member === undefined || !isAuthentik(member.server)) return;
  const change = isDisabled ? { is_active: false } : { groups: [] };
  await world.askAuthentik(member.server, "PATCH", `core/users/${member.object.pk}/`, change);
}

/** Proxmox creates a user at the first login. */
export async function logIn(
  world: World,
  model: Model,
  { which, asMember }: { which: number; asMember: boolean },
): Promise<void> {
  const things = await world.things();
  const realms = things.filter((thing) => thing.kind === "realm" && model.isOurs(thing));
  const found = at(realms, which);
  if (found === undefined || isAuthentik(found.server)) return;
  const { server, name: realm } = found;
  const member = things.find(({ kind, name }) => kind === "user" && name.startsWith("member-"));
  const userid = `${(asMember && member?.name) || "zoe"}@${realm}`;
  const key = keyOf({ server, kind: "proxmoxUser", name: userid });
  if (things.some((thing) => keyOf(thing) === key)) return;
  if (isOther(server))
    world.others[server].store.users.set({ type: "user", id: userid, options: { enable: true } });
  else await world.askProxmox(server, "POST", "/access/users", { userid });
  model.visitors.push({ key, realm });
}
