import type { Model } from "./model";
import { isOther, type OtherName, type OtherServer } from "./other-servers";
import type { AuthentikName, Thing, World } from "./world";

const servers: Readonly<Record<AuthentikName, readonly [OtherName, OtherName]>> = {
  lab: ["backup", "manager"],
  company: ["vault", "bureau"],
};

interface Making {
  readonly key: string;
  make(): void;
}

const makers: Readonly<Record<string, (server: OtherServer, called: string) => Making>> = {
  otherRealm: ({ store }, called) => ({
    key: `realm ${called}`,
    make() {
      const options = {
        "issuer-url": "https://other.example",
        "client-id": "theirs",
        "client-key": "their-secret",
        "username-claim": "username",
      };
      store.realms.set({ type: "openid", id: called, options });
    },
  }),
  otherUser: ({ store }, called) => ({
    key: `proxmoxUser ada@${called}`,
    make() {
      const options = { comment: "theirs", enable: true };
      store.users.set({ type: "user", id: `ada@${called}`, options });
    },
  }),
  otherPermission({ store, running }) {
    const path = running.node.product.ownRealm === "pbs" ? "/datastore" : "/resource";
    const line = { path, id: "root@pam", role: "NoAccess", propagate: true };
    return { key: `acl ${path} ${line.id} ${line.role}`, make: () => store.acl.set(line) };
  },
};

export function isMadeOnOthers(kind: string): boolean {
  return kind in makers;
}

/** Makes an object with the name of one of ours on both products, as somebody else would. */
export async function makeOnOthers(
  world: World,
  model: Model,
  { server, kind, called }: { server: AuthentikName; kind: string; called: string },
): Promise<void> {
  for (const place of servers[server]) {
    const { key, make } = makers[kind]?.(world.others[place], called) ?? {};
    const find = () => world.others[place].things().find((thing) => keyIn(thing) === key);
    if (find()) continue;
    make?.();
    const made = find();
    if (made) model.foreign.push(made);
  }
}

function keyIn({ kind, name }: Thing): string {
  return `${kind} ${name}`;
}

/** Another value than the declared one. */
export function changeOnOther(world: World, { server, kind, name, object }: Thing): void {
  if (!isOther(server)) return;
  const { realms, users, acl } = world.others[server].store;
  if (kind === "realm") {
    const realm = realms.get(name);
    if (realm)
      realms.set({ ...realm, options: { ...realm.options, comment: "changed by hand", autocreate: false } });
  } else if (kind === "proxmoxUser") {
    const user = users.get(name);
    if (user) users.set({ ...user, options: { ...user.options, enable: false } });
  } else {
    acl.replaceAll(
      acl.all.map((line) =>
        line.path === object.path && line.id === object.id && line.role === object.role
          ? { ...line, propagate: !line.propagate }
          : line,
      ),
    );
  }
}
