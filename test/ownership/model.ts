import { ModelEngine } from "./engine";
import { allowed, required, serversOf } from "./expected";
import { heldBy, isOfRealm } from "./followed";
import { isOn, type Key, keyOf } from "./keys";
import { realmOf } from "./names";
import { type Declaration, declare } from "./program";
import { credentials, type ServerName, type Thing, type World } from "./world";

type Cluster = Declaration["clusters"][string];
export type StackName = "first" | "second";
export const stackNames: readonly StackName[] = ["first", "second"];

/** Names of a stack's clusters. A stranger's step uses them, too. Both stacks want the last one. */
export const clusterNames: Readonly<Record<StackName, readonly string[]>> = {
  first: ["one", "two", "both"],
  second: ["three", "four", "both"],
};
/** Groups of authentik that both stacks may use. */
export const groupNames = ["ops", "devs", "staff"] as const;

/** One stack: what its program declares now, and what may be on the servers because of it. */
export class StackModel {
  declared: Declaration;
  /** What the last successful run has created, if none has failed since. */
  isCertain = true;
  /** Every declaration that a run may have started to create since then, including that one. */
  possible: Declaration[] = [];
  /** Whether somebody has changed the servers since its last refresh. */
  isStale = false;
  /** Whether somebody has changed them since its last successful run. A refresh alone corrects nothing. */
  isTouched = false;
  /** Whether somebody has deleted the binding that keeps an application closed. */
  isOpenedByHand = false;
  /**
   * Realms for which a run had `usersOnDelete`: it removes the users too, or refuses while there are some.
   */
  readonly usersOnDelete = { remove: new Set<string>(), refuse: new Set<string>() };

  constructor(
    readonly name: StackName,
    readonly engine: ModelEngine,
  ) {
    this.declared = {
      authentik: "lab",
      clusters: { sso: firstCluster(clusterNames[name][0] ?? "") },
      users: [],
      brands: [],
      hasWebCertificate: false,
    };
  }

  get applied(): Declaration | undefined {
    return this.isCertain ? this.possible[0] : undefined;
  }

  program(world: World): () => void {
    const { declared } = this;
    return () => declare(this.name, declared, world.addressesFor(declared));
  }

  /** Whether the new name of a cluster is, or may be, the name of another one on the servers. */
  changesPlaces(): boolean {
    return this.possible.some((before) =>
      Object.entries(this.declared.clusters).some(
        ([key, { called }]) =>
          before.clusters[key] !== undefined &&
          Object.entries(before.clusters).some(([other, one]) => other !== key && one.called === called),
      ),
    );
  }

  /** A run with the current declaration has started. */
  began(): void {
    this.isCertain = false;
    this.possible = [...this.possible, this.declared];
    for (const cluster of Object.values(this.declared.clusters))
      if (cluster.usersOnDelete) this.usersOnDelete[cluster.usersOnDelete].add(realmOf(cluster));
  }

  came(to: Declaration | undefined): void {
    this.isCertain = true;
    this.isTouched = false;
    this.possible = to === undefined ? [] : [to];
  }
}

export function firstCluster(called: string): Declaration["clusters"][string] {
  return { called, adopt: false, groups: { ops: { as: "ops", path: "/vms", role: "PVEVMUser" } } };
}

/** What somebody may have added by hand to objects at a previous address. */
function addedTo(key: Key): Key[] {
  const [server = "", kind, name] = key.split(" ");
  if (kind === "pveGroup") return [`${server} acl /pool/theirs ${name} PVEAdmin`];
  return kind === "application" ? [`${server} binding ${name} for authentik Read-only`] : [];
}

/** The known state of the servers and stacks in a sequence. */
export class Model {
  readonly stacks: Readonly<Record<StackName, StackModel>> = {
    first: new StackModel("first", new ModelEngine("first", credentials)),
    second: new StackModel("second", new ModelEngine("second", credentials)),
  };
  /** The objects of other people, with their original values. */
  foreign: Thing[] = [];
  /** Objects that an `up` with another address has left at an address that no stack reaches now. */
  abandoned: Key[] = [];
  /** Groups of authentik that two stacks have used, or that have members: they may be left. */
  readonly shared = new Set<Key>();
  /** What a killed run created and no state contains. The next `up` that declares it continues with it. */
  unrecorded: Key[] = [];
  /** Whether a killed proof of a login may have left its user. The next proof removes it. */
  hasKilledProof = false;
  /** Users of our realms who were created by a login, with the realm. */
  visitors: { readonly key: Key; readonly realm: string }[] = [];

  /** @param initial the objects that the servers create themselves */
  constructor(readonly initial: ReadonlySet<Key>) {}

  get all(): StackModel[] {
    return Object.values(this.stacks);
  }

  /** Somebody has changed something on the servers. */
  touched(): void {
    for (const stack of this.all) {
      stack.isStale = true;
      stack.isTouched = true;
    }
  }

  emptied(server: ServerName): void {
    this.foreign = this.foreign.filter((thing) => thing.server !== server);
    this.abandoned = this.abandoned.filter((key) => !isOn(server)(key));
    for (const key of [...this.shared].filter(isOn(server))) this.shared.delete(key);
    this.unrecorded = this.unrecorded.filter((key) => !isOn(server)(key));
    this.visitors = this.visitors.filter(({ key }) => !isOn(server)(key));
    this.touched();
  }

  /**
   * The objects that a successful run leaves at the previous address of its stack.
   * @param things what the servers have
   */
  cameUp(stack: StackModel, things: readonly Thing[]): void {
    const now = new Set(required(stack.declared, stack.name));
    const current = serversOf(stack.declared);
    const elsewhere = stack.possible.flatMap((one) => {
      const before = serversOf(one).filter((server) => !current.includes(server));
      const ofUsers = things.map(keyOf).filter(isOfRealm(one));
      const keys = [...required(one, stack.name), ...allowed(one), ...ofUsers];
      return before.flatMap((server) => keys.filter(isOn(server)).flatMap((key) => [key, ...addedTo(key)]));
    });
    this.abandoned = [...this.abandoned, ...elsewhere].filter((key) => !now.has(key));
    const { users, permissions } = heldBy(stack.declared, things);
    const recorded = new Set([
      ...now,
      ...allowed(stack.declared),
      ...users,
      ...permissions.map(({ key }) => key),
    ]);
    this.unrecorded = this.unrecorded.filter((key) => !recorded.has(key));
    stack.isOpenedByHand = false;
    stack.came(stack.declared);
    stack.isStale = false;
    this.noteShared();
  }

  /** Objects of other people with names that the stack needs. */
  inTheWayOf({ declared, name }: StackModel): Thing[] {
    const wanted = new Set(required(declared, name));
    return this.foreign.filter((thing) => thing.kind !== "group" && wanted.has(keyOf(thing)));
  }

  /** An `adopt` has requested these: they belong to the stack from now on, or may do so. */
  adopted(stack: StackModel): void {
    const taken = this.inTheWayOf(stack);
    this.foreign = this.foreign.filter((thing) => !taken.includes(thing));
  }

  /** Whether the other stack may have what this one declares. */
  isOfAnother(stack: StackModel): boolean {
    return this.#rivalsOf(stack, () => true).length > 0;
  }

  /** With `adopt`, a stack takes over what the other one has. Only a refresh shows that to the other one. */
  robbedBy(stack: StackModel): void {
    for (const rival of this.#rivalsOf(stack, ({ adopt }) => adopt)) {
      rival.isStale = true;
      rival.isTouched = true;
      rival.isCertain = false;
    }
  }

  #rivalsOf(stack: StackModel, isWanted: (cluster: Cluster) => boolean): StackModel[] {
    const wanted = Object.values(stack.declared.clusters).filter(isWanted);
    const names = wanted.map(({ called }) => called);
    return this.all.filter(
      (one) =>
        one !== stack &&
        one.possible.some(({ clusters }) =>
          Object.values(clusters).some(({ called }) => names.includes(called)),
        ),
    );
  }

  isOurs(thing: Thing): boolean {
    const key = keyOf(thing);
    const others = [...this.foreign.map(keyOf), ...this.visitors.map((one) => one.key)];
    return !this.initial.has(key) && !others.includes(key);
  }

  /** Other people have changed their objects: these must keep the new values. */
  lookAgain(things: readonly Thing[]): void {
    const now = new Map(things.map((thing) => [keyOf(thing), thing]));
    this.foreign = this.foreign.flatMap((thing) => now.get(keyOf(thing)) ?? []);
    this.visitors = this.visitors.filter(({ key }) => now.has(key));
  }

  /** A realm of a stack is deleted together with its users if the program says so. */
  forgetRemovedUsers(things: readonly Thing[]): void {
    const present = new Set(things.map(keyOf));
    this.foreign = this.foreign.filter((thing) => {
      const realm = thing.kind === "proxmoxUser" ? thing.name.replace(/.*@/, "") : undefined;
      const mayGo = this.all.some(
        ({ usersOnDelete }) => realm !== undefined && usersOnDelete.remove.has(realm),
      );
      return !mayGo || present.has(keyOf(thing));
    });
  }

  /** A group or role that both stacks may use stays if its owner leaves. */
  noteShared(): void {
    const [first, second] = this.all.map(
      ({ possible, name }) => new Set(possible.flatMap((one) => required(one, name))),
    );
    for (const key of first ?? [])
      if (second?.has(key) && /^\S+ (group|role) /.test(key)) this.shared.add(key);
  }
}
