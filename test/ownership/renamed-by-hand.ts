import { at } from "./declaring";
import { keyOf } from "./keys";
import type { Model } from "./model";
import { isOther } from "./other-servers";
import { isAuthentik, isProxmox, type Thing, type World } from "./world";

/** The field with the name, of the kinds that people can rename. Groups have tests of their own. */
const nameFields: Readonly<Record<string, string>> = {
  application: "slug",
  brand: "domain",
  certificate: "name",
  mapping: "name",
  provider: "name",
  user: "username",
};

/** Somebody gives one of our objects another name, or removes the mark from its comment. */
export async function renameOurs(world: World, model: Model, which: number): Promise<void> {
  const things = await world.things();
  const isMarked = ({ object }: Thing) => String(object.comment).includes("proxmox-authentik-sso");
  const thing = at(
    things.filter((one) => model.isOurs(one) && (one.kind in nameFields || isMarked(one))),
    which,
  );
  if (thing === undefined) return;
  if (isAuthentik(thing.server)) await renameInAuthentik(world, thing, things);
  else await removeMark(world, model, thing);
  model.touched();
}

async function renameInAuthentik(
  world: World,
  { server, kind, name, object }: Thing,
  things: readonly Thing[],
): Promise<void> {
  const [field, path] = [nameFields[kind], pathOf(kind, object)];
  const renamed = `${name}-renamed`;
  const isTaken = things.some((one) => one.server === server && one.kind === kind && one.name === renamed);
  if (isAuthentik(server) && field && !isTaken)
    await world.askAuthentik(server, "PATCH", path, { [field]: renamed });
}

function pathOf(kind: string, { pk, slug, brand_uuid: brand }: Thing["object"]): string {
  const paths: Record<string, string> = {
    application: `core/applications/${slug}/`,
    brand: `core/brands/${brand}/`,
    certificate: `crypto/certificatekeypairs/${pk}/`,
    mapping: `propertymappings/provider/scope/${pk}/`,
    provider: `providers/oauth2/${pk}/`,
    user: `core/users/${pk}/`,
  };
  return paths[kind] ?? "";
}

/** Without its mark, an object is somebody else's. Its permissions may stay, because it does. */
async function removeMark(world: World, model: Model, thing: Thing): Promise<void> {
  const { server, kind, name } = thing;
  if (isProxmox(server)) {
    const path = kind === "pveGroup" ? `/access/groups/${name}` : `/access/users/${encodeURIComponent(name)}`;
    await world.askProxmox(server, "PUT", path, { comment: "edited by hand" });
  } else if (isOther(server)) {
    const { users } = world.others[server].store;
    const user = users.get(name);
    if (user) users.set({ ...user, options: { ...user.options, comment: "edited by hand" } });
  }
  const things = await world.things();
  const now = things.find((one) => keyOf(one) === keyOf(thing));
  if (now) model.foreign.push(now);
  const isOfIt = (one: Thing) => [one.object.ugid, one.object.id].includes(name);
  const permissions = things.filter((one) => one.server === server && one.kind === "acl" && isOfIt(one));
  model.abandoned.push(...permissions.map(keyOf));
}
