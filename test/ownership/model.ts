import { ModelEngine } from "./engine";
import { allowed, isOn, type Key, keyOf, required, serversOf } from "./expected";
import { type Declaration, declare } from "./program";
import { credentials, type ServerName, type Thing, type World } from "./world";

export type StackName = "first" | "second";
export const stackNames: readonly StackName[] = ["first", "second"];

/** How a stack's clusters may be called: nobody else's are called like that, unless a stranger does it. */
export const callings: Readonly<Record<StackName, readonly string[]>> = {
  first: ["one", "two"],
  second: ["three", "four"],
};
/** Groups of authentik that both stacks may use. */
export const groupNames = ["ops", "devs", "staff"] as const;

/** One stack: what its program says now, and what may be on the servers because of it. */
export class StackModel {
  declared: Declaration;
  /** What the last run that came through has made, if none has failed since. */
  isCertain = true;
  /** Every declaration that a run may have begun to make since then, that one included. */
  possible: Declaration[] = [];
  /** Whether somebody has changed the servers since its last refresh. */
  isStale = false;
  /** Whether somebody has changed them since the last run of it that came through: a refresh alone puts nothing right. */
  isTouched = false;
  /** Whether somebody has deleted the very binding that keeps an application closed. */
  isOpenedByHand = false;
  /** Realms of which a run was told to remove the users along, or to refuse while there are some. */
  readonly usersOnDelete = { remove: new Set<string>(), refuse: new Set<string>() };

  constructor(
    readonly name: StackName,
    readonly engine: ModelEngine,
  ) {
    this.declared = {
      authentik: "lab",
      clusters: { sso: firstCluster(callings[name][0] ?? "") },
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
    return () =>
      declare(this.name, declared, world.addressesFor(declared.authentik, declared.proxmox ?? "proxmox"));
  }

  /** Whether a cluster is to be called as another one is, or may be, on the servers. */
  changesPlaces(): boolean {
    return this.possible.some((before) =>
      Object.entries(this.declared.clusters).some(
        ([key, { called }]) =>
          before.clusters[key] !== undefined &&
          Object.entries(before.clusters).some(([other, one]) => other !== key && one.called === called),
      ),
    );
  }

  /** A run with what is declared has begun. */
  began(): void {
    this.isCertain = false;
    this.possible = [...this.possible, this.declared];
    for (const { called, usersOnDelete } of Object.values(this.declared.clusters))
      if (usersOnDelete) this.usersOnDelete[usersOnDelete].add(called);
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

/** What somebody may have added by hand to what is left at another address. */
function addedTo(key: Key): Key[] {
  const [server = "", kind, name] = key.split(" ");
  if (kind === "pveGroup") return [`${server} acl /pool/theirs ${name} PVEAdmin`];
  return kind === "application" ? [`${server} binding ${name} for authentik Read-only`] : [];
}

/** What a sequence knows of the servers and stacks. */
export class Model {
  readonly stacks: Readonly<Record<StackName, StackModel>> = {
    first: new StackModel("first", new ModelEngine("first", credentials)),
    second: new StackModel("second", new ModelEngine("second", credentials)),
  };
  /** What other people have made, as it was then. */
  foreign: Thing[] = [];
  /** What an `up` with another address has left where nobody can reach it any more. */
  abandoned: Key[] = [];
  /** Groups of authentik that two stacks have used, or that people are in: they may be left. */
  readonly shared = new Set<Key>();
  /** What a killed run made and no state knows: the next `up` that declares it takes it up. */
  unrecorded: Key[] = [];
  /** Users of our realms who came by a login, with the realm. */
  visitors: { readonly key: Key; readonly realm: string }[] = [];

  /** @param initial what the servers make themselves */
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

  /** What is left at the other address of a stack that has come up. */
  cameUp(stack: StackModel): void {
    const now = new Set(required(stack.declared, stack.name));
    const current = serversOf(stack.declared);
    const elsewhere = stack.possible.flatMap((one) => {
      const before = serversOf(one).filter((server) => !current.includes(server));
      const keys = [...required(one, stack.name), ...allowed(one)];
      return before.flatMap((server) => keys.filter(isOn(server)).flatMap((key) => [key, ...addedTo(key)]));
    });
    this.abandoned = [...this.abandoned, ...elsewhere].filter((key) => !now.has(key));
    const recorded = new Set([...now, ...allowed(stack.declared)]);
    this.unrecorded = this.unrecorded.filter((key) => !recorded.has(key));
    stack.isOpenedByHand = false;
    stack.came(stack.declared);
    stack.isStale = false;
    this.#noteShared();
  }

  /** Those of other people that are called as the stack's own are to be called. */
  inTheWayOf({ declared, name }: StackModel): Thing[] {
    const wanted = new Set(required(declared, name));
    return this.foreign.filter((thing) => thing.kind !== "group" && wanted.has(keyOf(thing)));
  }

  /** An `adopt` has asked for these: they are the stack's from now on, or may be. */
  adopted(stack: StackModel): void {
    const taken = this.inTheWayOf(stack);
    this.foreign = this.foreign.filter((thing) => !taken.includes(thing));
  }

  isOurs(thing: Thing): boolean {
    const key = keyOf(thing);
    const others = [...this.foreign.map(keyOf), ...this.visitors.map((one) => one.key)];
    return !this.initial.has(key) && !others.includes(key);
  }

  /** People have changed other people's objects: these are to stay as they are from now on. */
  lookAgain(things: readonly Thing[]): void {
    const now = new Map(things.map((thing) => [keyOf(thing), thing]));
    this.foreign = this.foreign.flatMap((thing) => now.get(keyOf(thing)) ?? []);
    this.visitors = this.visitors.filter(({ key }) => now.has(key));
  }

  #noteShared(): void {
    const users = (group: Key) =>
      this.all.filter((stack) => stack.possible.some((one) => required(one, stack.name).includes(group)));
    for (const server of ["lab", "company"] as const) {
      for (const name of groupNames) {
        const key = keyOf({ server, kind: "group", name });
        if (users(key).length > 1) this.shared.add(key);
      }
    }
  }
}
