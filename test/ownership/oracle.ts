import assert from "node:assert/strict";
import { z } from "zod";
import { allowed, lasting, required } from "./expected";
import { heldBy, isOfRealm } from "./followed";
import { type Key, keyOf } from "./keys";
import type { Model, StackModel } from "./model";
import { realmOf, signingNameOf, titleOf } from "./names";
import type { Saved } from "./plan";
import { type Declaration, placeOf } from "./program";
import type { Thing, World } from "./world";

/** After every step, successful or not: nothing of other people was changed or removed. */
export function assertForeignUntouched(model: Model, things: readonly Thing[]): void {
  for (const before of model.foreign) {
    const now = things.find((thing) => keyOf(thing) === keyOf(before));
    assert.ok(now, `somebody else's ${keyOf(before)} is gone`);
    assert.equal(lasting(now), lasting(before), `somebody else's ${keyOf(before)} was changed`);
  }
  const present = new Set(things.map(keyOf));
  for (const { key, realm } of model.visitors) {
    const mayGo = model.all.some(({ usersOnDelete }) => usersOnDelete.remove.has(realm));
    assert.ok(mayGo || present.has(key), `${key}, who came by a login, is gone`);
  }
}

/** After every step: everything that a stack has created exists, whatever the other stack does. */
export function assertKept(model: Model, things: readonly Thing[]): void {
  const present = new Set(things.map(keyOf));
  for (const stack of model.all) {
    if (!stack.applied || stack.isTouched || stack.isStale) continue;
    const missing = required(stack.applied, stack.name).filter((key) => !present.has(key));
    assert.deepEqual(missing, [], `${stack.name} has lost what it declares`);
    assertJoined(stack, things);
  }
}

/** After a successful run: everything that this stack declares exists, and nothing that no stack declares. */
export function assertComplete(model: Model, stack: StackModel, things: readonly Thing[]): void {
  const present = new Set(things.map(keyOf));
  if (stack.applied) {
    const keys = [...required(stack.applied, stack.name), ...keysHeldBy(stack.applied, things)];
    const missing = keys.filter((key) => !present.has(key));
    assert.deepEqual(missing, [], `missing though ${stack.name} declares it`);
  }
  const mayBe = new Set([
    ...model.initial,
    ...model.foreign.map(keyOf),
    ...model.abandoned,
    ...model.shared,
    ...model.unrecorded,
    ...model.visitors.map(({ key }) => key),
    ...model.all.flatMap(({ possible, name }) =>
      possible.flatMap((one) => [...required(one, name), ...allowed(one)]),
    ),
  ]);
  if (stack.applied) for (const key of keysHeldBy(stack.applied, things)) mayBe.add(key);
  // Who is in the groups may have changed since the other stack's last run.
  const ofOthers = model.all
    .filter((one) => one !== stack || !stack.isCertain)
    .flatMap(({ possible }) => possible.map(isOfRealm));
  const isOfProof = (key: Key) => model.hasKilledProof && / sso-proof-/.test(key);
  const left = [...present].filter(
    (key) => !mayBe.has(key) && !isOfProof(key) && !ofOthers.some((isOf) => isOf(key)),
  );
  // The next run of the stack removes what somebody has added by hand.
  if (model.all.some(({ isTouched }) => isTouched)) return;
  assert.deepEqual(left, [], "left though nobody declares it");
}

function keysHeldBy(declared: Declaration, things: readonly Thing[]): Key[] {
  const { users, permissions } = heldBy(declared, things);
  return [...users, ...permissions.map(({ key }) => key)];
}

const identity = z.object({
  clientId: z.string(),
  serialNumber: z.string(),
  usedOn: z.object({
    authentik: z.object({ url: z.string() }).optional(),
    proxmox: z.object({ url: z.string() }).optional(),
  }),
});

/** The destroy that removes the values that prove ownership names what a killed run left. */
export async function assertTold(
  world: World,
  { engine }: StackModel,
  destroyed: readonly Saved[],
): Promise<void> {
  const things = await world.things();
  for (const { clientId, serialNumber, usedOn } of destroyed.flatMap(
    ({ outs }) => identity.safeParse(outs).data ?? [],
  )) {
    const places = [usedOn.authentik?.url, usedOn.proxmox?.url];
    const left = things.filter(({ server, object }) => {
      const text = JSON.stringify([object.attributes, object.comment, object.expression]);
      const isOurs =
        text.includes(serialNumber) || [object.client_id, object["client-id"]].includes(clientId);
      return isOurs && places.includes(world.urlOf(server));
    });
    for (const { kind, name } of left)
      assert.ok(
        engine.said.some((line) => line.includes(`"${name}" stays`)),
        `the ${kind} ${name}, which an interrupted run left, is not named: ${engine.said.join("\n")}`,
      );
  }
}

/** The values that connect the two servers, which no name shows. */
export function assertJoined({ applied }: StackModel, things: readonly Thing[]): void {
  if (!applied) return;
  const one = (server: Thing["server"], kind: string, name: string) => {
    const found = things.find((thing) => keyOf(thing) === keyOf({ server, kind, name }));
    assert.ok(found, `${kind} ${name}`);
    return found.object;
  };
  for (const { key, propagate } of heldBy(applied, things).permissions) {
    const entry = things.find((thing) => keyOf(thing) === key);
    assert.equal(entry?.object.propagate, propagate, `whether ${key} counts below its path`);
  }
  for (const cluster of Object.values(applied.clusters)) {
    const { called, product } = cluster;
    const { authentik } = applied;
    const application = one(authentik, "application", called);
    const provider = one(authentik, "provider", titleOf(cluster));
    const certificate = one(authentik, "certificate", signingNameOf(cluster));
    const realm = one(placeOf(applied, product), "realm", realmOf(cluster));
    assert.equal(application.provider, provider.pk, `the application ${called} has its provider`);
    assert.equal(provider.signing_key, certificate.pk, `the provider of ${called} signs by its certificate`);
    assert.equal(certificate.private_key_available, true);
    assert.equal(realm["client-id"], provider.client_id, `the client ID of ${called}`);
    assert.equal(realm["client-key"], provider.client_secret, `the client secret of ${called}`);
  }
}

/** Each application of a stack after a successful run admits exactly the declared users. */
export async function assertAdmission(
  world: World,
  model: Model,
  things: readonly Thing[],
  { alsoDeclared }: { alsoDeclared: StackModel | undefined },
): Promise<void> {
  for (const stack of model.all) {
    if (!stack.applied || stack.isOpenedByHand) continue;
    const { authentik, clusters } = stack.applied;
    const on = things.filter(({ server }) => server === authentik);
    // A user who was admitted by hand stays admitted until the next refresh and up.
    const skipped = stack.isTouched ? /^authentik | closed / : /^authentik Admins$| closed /;
    const probed = on.filter(({ kind, name }) => kind === "group" && !skipped.test(name));
    for (const [probe, member] of [
      [undefined, undefined] as const,
      ...probed.map((one) => [one.object.pk, one.name] as const),
    ]) {
      const { pk: user } = await world.askAuthentik(authentik, "POST", "core/users/", {
        username: `probe-${member ?? "stranger"}`,
        name: "Probe",
        groups: probe === undefined ? [] : [probe],
      });
      for (const { called, groups } of Object.values(clusters)) {
        if (!on.some(({ kind, name }) => kind === "application" && name === called)) continue;
        const path = `core/applications/${called}/check_access/?for_user=${user}`;
        const { passing } = await world.askAuthentik(authentik, "GET", path);
        const names = Object.keys(groups);
        const isDeclared = names.length === 0 || (member !== undefined && names.includes(member));
        const who = member === undefined ? "a stranger" : `a member of ${member}`;
        if (passing === true) assert.ok(isDeclared, `${called} admits ${who}, whom nobody declares`);
        else if (stack === alsoDeclared) assert.ok(!isDeclared, `${called} refuses ${who}`);
      }
      await world.askAuthentik(authentik, "DELETE", `core/users/${user}/`);
    }
  }
}
