import fc from "fast-check";
import type { OtherProduct } from "../../providers/accessControl/products";
import { clusterNames, groupNames, type StackName, stackNames } from "./model";
import { otherNames } from "./other-servers";
import { own } from "./program";
import type { ServerName } from "./world";

/** Actions of people between the runs, and the runs. Numbers choose one of the existing objects. */
export type Step =
  | {
      do: "declare a cluster";
      stack: StackName;
      key: string;
      called: number;
      product?: OtherProduct | undefined;
    }
  | { do: "drop a cluster"; stack: StackName; key: number }
  | { do: "rename a key"; stack: StackName; key: number; to: string }
  | { do: "swap what two are called"; stack: StackName }
  | { do: "give a group access"; stack: StackName; key: number; group: string; as: string; grant: number }
  | { do: "take a group's access"; stack: StackName; key: number; group: number }
  | { do: "rename a group"; stack: StackName; key: number; group: number; to: string }
  | { do: "adopt or not"; stack: StackName; key: number }
  | { do: "list members or not"; stack: StackName; key: number }
  | { do: "configure the client ID or not"; stack: StackName; key: number }
  | { do: "name parts otherwise or not"; stack: StackName; key: number }
  | { do: "change the username claim"; stack: StackName; key: number }
  | { do: "require all groups or one"; stack: StackName; key: number }
  | {
      do: "what becomes of users";
      stack: StackName;
      key: number;
      usersOnDelete?: "remove" | "refuse" | undefined;
    }
  | { do: "own resources"; stack: StackName; users: boolean; brands: boolean; web: boolean }
  | { do: "use the other authentik"; stack: StackName }
  | { do: "use the other Proxmox"; stack: StackName }
  | { do: "use the other Backup Server and Datacenter Manager"; stack: StackName }
  | { do: "set up a server anew"; server: ServerName; strangers: number }
  | { do: "make somebody else's"; stack: StackName; server: "lab" | "company"; kind: string; called: number }
  | { do: "remove somebody else's"; which: number }
  | { do: "delete ours by hand"; which: number }
  | { do: "rename ours by hand"; which: number }
  | { do: "add to ours by hand"; which: number }
  | { do: "delete all bindings of ours"; which: number; closingToo: boolean }
  | { do: "put somebody into a group"; which: number }
  | { do: "somebody leaves a group"; which: number; isDisabled: boolean }
  | { do: "somebody logs in"; which: number; asMember: boolean }
  | {
      do: "up";
      stack: StackName;
      refreshed: boolean;
      replace?: number | undefined;
      killAt?: number | undefined;
      killAtWrite?: number | undefined;
    }
  | { do: "refresh"; stack: StackName }
  | {
      do: "destroy";
      stack: StackName;
      killAt?: number | undefined;
      killAtWrite?: number | undefined;
    };

export const grants = [
  { path: "/vms", role: "PVEVMUser" },
  { path: "/", role: "PVEAuditor" },
  { path: "/storage/local", role: "PVEDatastoreUser" },
  { path: "/vms", role: own },
] as const;

export const foreignKinds = [
  "application",
  "brand",
  "certificate",
  "group",
  "mapping",
  "provider",
  "user",
  "pveGroup",
  "realm",
  "role",
  "otherRealm",
  "otherUser",
  "otherPermission",
] as const;

const stack = fc.constantFrom(...stackNames);
const key = fc.constantFrom("sso", "berlin", "bln");
const pick = fc.nat({ max: 9 });
const group = fc.constantFrom(...groupNames);
const as = fc.constantFrom("ops", "devs", "admins");
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 4 });
const killAt = fc.option(fc.integer({ min: 1, max: 15 }), { nil: undefined, freq: 5 });
const killAtWrite = fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined, freq: 5 });

const up = fc.record({
  do: fc.constant("up" as const),
  stack,
  refreshed: fc.boolean(),
  replace: sometimes(fc.nat({ max: 40 })),
  killAt,
  killAtWrite,
});

export const steps: fc.Arbitrary<Step>[] = [
  fc.record({
    do: fc.constant("declare a cluster" as const),
    stack,
    key,
    called: pick,
    product: fc.constantFrom(undefined, "backup" as const, "datacenter-manager" as const),
  }),
  fc.record({ do: fc.constant("drop a cluster" as const), stack, key: pick }),
  fc.record({ do: fc.constant("rename a key" as const), stack, key: pick, to: key }),
  fc.record({ do: fc.constant("swap what two are called" as const), stack }),
  fc.record({ do: fc.constant("give a group access" as const), stack, key: pick, group, as, grant: pick }),
  fc.record({ do: fc.constant("take a group's access" as const), stack, key: pick, group: pick }),
  fc.record({ do: fc.constant("rename a group" as const), stack, key: pick, group: pick, to: group }),
  fc.record({ do: fc.constant("adopt or not" as const), stack, key: pick }),
  fc.record({ do: fc.constant("list members or not" as const), stack, key: pick }),
  fc.record({ do: fc.constant("configure the client ID or not" as const), stack, key: pick }),
  fc.record({ do: fc.constant("name parts otherwise or not" as const), stack, key: pick }),
  fc.record({ do: fc.constant("change the username claim" as const), stack, key: pick }),
  fc.record({ do: fc.constant("require all groups or one" as const), stack, key: pick }),
  fc.record({
    do: fc.constant("what becomes of users" as const),
    stack,
    key: pick,
    usersOnDelete: fc.constantFrom(undefined, "remove" as const, "refuse" as const),
  }),
  fc.record({
    do: fc.constant("own resources" as const),
    stack,
    users: fc.boolean(),
    brands: fc.boolean(),
    web: fc.boolean(),
  }),
  fc.record({ do: fc.constant("use the other authentik" as const), stack }),
  fc.record({ do: fc.constant("use the other Proxmox" as const), stack }),
  fc.record({ do: fc.constant("use the other Backup Server and Datacenter Manager" as const), stack }),
  fc.record({
    do: fc.constant("set up a server anew" as const),
    server: fc.constantFrom(
      "lab" as const,
      "company" as const,
      "proxmox" as const,
      "annex" as const,
      ...otherNames,
    ),
    strangers: fc.nat({ max: 3 }),
  }),
  fc.record({
    do: fc.constant("make somebody else's" as const),
    stack,
    server: fc.constantFrom("lab" as const, "company" as const),
    kind: fc.constantFrom(...foreignKinds),
    called: pick,
  }),
  fc.record({ do: fc.constant("remove somebody else's" as const), which: pick }),
  fc.record({ do: fc.constant("delete ours by hand" as const), which: fc.nat({ max: 40 }) }),
  fc.record({ do: fc.constant("rename ours by hand" as const), which: fc.nat({ max: 40 }) }),
  fc.record({ do: fc.constant("add to ours by hand" as const), which: fc.nat({ max: 40 }) }),
  fc.record({
    do: fc.constant("delete all bindings of ours" as const),
    which: pick,
    closingToo: fc.boolean(),
  }),
  fc.record({ do: fc.constant("put somebody into a group" as const), which: pick }),
  fc.record({
    do: fc.constant("somebody leaves a group" as const),
    which: pick,
    isDisabled: fc.boolean(),
  }),
  fc.record({ do: fc.constant("somebody logs in" as const), which: pick, asMember: fc.boolean() }),
  // Runs are as frequent as all other steps together.
  ...Array.from({ length: 10 }, () => up),
  fc.record({ do: fc.constant("refresh" as const), stack }),
  fc.record({ do: fc.constant("destroy" as const), stack, killAt, killAtWrite }),
];

export function calledBy(stackName: StackName, called: number): string {
  const names = clusterNames[stackName];
  return names[called % names.length] ?? "";
}
