import assert from "node:assert/strict";
import { addToOurs, deleteOurs, makeForeign, makeStrangers } from "./by-hand";
import { at, changeDeclaration } from "./declaring";
import type { Run } from "./engine";
import { allowed, assertAllModelled, required, unrecordedKeys } from "./expected";
import { isOfRealm } from "./followed";
import { keyOf } from "./keys";
import { Model, type StackModel } from "./model";
import {
  assertAdmission,
  assertComplete,
  assertForeignUntouched,
  assertJoined,
  assertKept,
  assertTold,
} from "./oracle";
import { deleteBindings, leaveGroup, logIn, putIntoGroup } from "./people";
import { Killed } from "./plugin-process";
import { renameOurs } from "./renamed-by-hand";
import type { Step } from "./steps";
import type { World } from "./world";

type Of<D extends Step["do"]> = Extract<Step, { do: D }>;

/** Counts what was tried, over all sequences. */
export interface Tried {
  sequences: number;
  steps: number;
  /** Successful runs, after which the servers were compared. */
  compared: number;
  killed: number;
  refused: number;
  readonly types: Set<string>;
}

export const nothingTried = (): Tried => ({
  sequences: 0,
  steps: 0,
  compared: 0,
  killed: 0,
  refused: 0,
  types: new Set(),
});

export function summaryOf({ sequences, steps, compared, killed, refused }: Tried, seed: number): string {
  return (
    `seed ${seed}: ${sequences} sequences of ${steps} steps, ${compared} runs compared with what the servers have, ` +
    `${killed} killed, ${refused} refused for a reason`
  );
}

/** Runs one sequence of steps on empty servers. */
export class Sequence {
  private constructor(
    readonly world: World,
    readonly model: Model,
    readonly tried: Tried,
  ) {}

  static async start(world: World, tried: Tried): Promise<Sequence> {
    assertAllModelled();
    await world.empty();
    world.forgetLogins();
    const initial = new Set((await world.things()).map(keyOf));
    tried.sequences++;
    return new Sequence(world, new Model(initial), tried);
  }

  async take(step: Step): Promise<void> {
    const { model, world } = this;
    this.tried.steps++;
    switch (step.do) {
      case "up":
        await this.#up(model.stacks[step.stack], step);
        break;
      case "destroy":
        await this.#destroy(model.stacks[step.stack], step);
        break;
      case "refresh":
        await this.#refresh(model.stacks[step.stack]);
        break;
      case "set up a server anew":
        await world.setUpAnew(step.server);
        model.emptied(step.server);
        await makeStrangers(world, model, step);
        break;
      case "make somebody else's":
        await makeForeign(world, model, step);
        break;
      case "remove somebody else's": {
        const thing = at(model.foreign, step.which);
        if (thing) await world.remove(thing);
        model.foreign = model.foreign.filter((one) => one !== thing);
        // It may have been a group that ours use.
        if (thing?.kind === "group") model.touched();
        break;
      }
      case "delete ours by hand":
        await deleteOurs(world, model, step.which);
        break;
      case "rename ours by hand":
        await renameOurs(world, model, step.which);
        break;
      case "add to ours by hand":
        await addToOurs(world, model, step.which);
        break;
      case "delete all bindings of ours":
        await deleteBindings(world, model, step);
        break;
      case "put somebody into a group":
        await putIntoGroup(world, model, step.which);
        break;
      case "somebody leaves a group":
        await leaveGroup(world, model, step);
        break;
      case "somebody logs in":
        await logIn(world, model, step);
        break;
      default:
        changeDeclaration(model.stacks[step.stack], step);
        return;
    }
    const things = await world.things();
    if (!["up", "refresh", "destroy"].includes(step.do)) model.lookAgain(things);
    model.forgetRemovedUsers(things);
    assertForeignUntouched(model, things);
    assertKept(model, things);
    await assertAdmission(world, model, things, { alsoDeclared: undefined });
  }

  async #up(stack: StackModel, { refreshed, replace, killAt, killAtWrite }: Of<"up">): Promise<void> {
    const { model, world } = this;
    if (refreshed) await this.#refresh(stack);
    const inTheWay = model.inTheWayOf(stack);
    const mayAdopt = Object.values(stack.declared.clusters).some(({ adopt }) => adopt);
    if (mayAdopt) model.adopted(stack);
    const wasStale = stack.isStale;
    const target = replace === undefined ? undefined : at(stack.engine.state, replace)?.name;
    stack.began();
    model.robbedBy(stack);
    model.noteShared();
    const kill = { killAt, killAtWrite };
    const run = await stack.engine.up(stack.program(world), {
      ...kill,
      ...(target && { replace: [target] }),
    });
    for (const { type } of stack.engine.state) this.tried.types.add(type.split("/")[1] ?? type);
    if (run.error instanceof Killed) {
      this.#killed(run.error, stack);
      return;
    }
    if (run.error) return this.#refused(run, stack, inTheWay.length > 0, wasStale);
    // Changes on the servers are visible only after a refresh.
    if (wasStale) return;
    model.cameUp(stack, await world.things());
    await this.#compare(stack);
    const again = await stack.engine.up(stack.program(world));
    assert.deepEqual(again, { error: undefined, changes: [] }, "the next up changes something");
    const refreshedRun = await stack.engine.refresh();
    assert.equal(refreshedRun.error, undefined, "a refresh fails after an up that came through");
    const afterRefresh = await stack.engine.up(stack.program(world));
    assert.deepEqual(
      afterRefresh,
      { error: undefined, changes: [] },
      "a refresh shows something after an up",
    );
  }

  async #destroy(stack: StackModel, kill: Of<"destroy">): Promise<void> {
    stack.began();
    const before = stack.engine.state;
    const run = await stack.engine.destroy(kill);
    if (run.error instanceof Killed) {
      this.#killed(run.error, stack);
      return;
    }
    if (run.error) return this.#refused(run, stack, false, false);
    assert.deepEqual(stack.engine.state, [], "a destroy that came through leaves something in the state");
    stack.came(undefined);
    await this.#compare(stack);
    await assertTold(this.world, stack, before);
  }

  #killed({ unrecorded, hasDeleted }: Killed, stack: StackModel): void {
    this.tried.killed++;
    if (hasDeleted) stack.isStale = true;
    if (unrecorded?.type.endsWith(":LoginProof")) this.model.hasKilledProof = true;
    if (unrecorded) this.model.unrecorded.push(...unrecordedKeys(unrecorded, stack.declared));
  }

  async #refresh(stack: StackModel): Promise<void> {
    const { error } = await stack.engine.refresh();
    assert.equal(error, undefined, "a refresh fails");
    stack.isStale = false;
  }

  async #compare(stack: StackModel): Promise<void> {
    this.tried.compared++;
    const things = await this.world.things();
    assertComplete(this.model, stack, things);
    assertJoined(stack, things);
    await assertAdmission(this.world, this.model, things, { alsoDeclared: stack });
  }

  /** Whether the error has a valid reason in an understandable message. */
  #refused({ error }: Run, stack: StackModel, isInTheWay: boolean, wasStale: boolean): void {
    this.tried.refused++;
    assert.equal(
      error?.name,
      "UserError",
      `${stack.name}: an error that is none for people: ${error?.stack}`,
    );
    const message = error.message;
    const isTaken = isInTheWay || this.#isUnrecorded(stack) || this.model.isOfAnother(stack);
    if (/exists already/.test(message) && isTaken) return;
    if (/has users/.test(message) && stack.usersOnDelete.refuse.size > 0) return;
    // Another cluster of this stack still has the name: two cannot swap names in one run.
    if (/already exists|exists already/.test(message) && stack.changesPlaces()) return;
    if (this.model.shared.size > 0 && /group "/.test(message) && /use/.test(message)) return;
    // A group that both use, and that the other stack deleted before a killed run had bound it.
    if (/run pulumi refresh, which notices it/.test(message)) {
      stack.isStale = true;
      return;
    }
    // A write may depend on something that somebody has removed outside of Pulumi.
    if (wasStale) return;
    assert.fail(`${stack.name} fails without a reason: ${message}`);
  }

  /** After a destroy, nothing proves that the objects of a killed run belong to the stack. */
  #isUnrecorded({ declared, name }: StackModel): boolean {
    const wanted = [...required(declared, name), ...allowed(declared)];
    const isOfItsRealm = isOfRealm(declared);
    return this.model.unrecorded.some((key) => wanted.includes(key) || isOfItsRealm(key));
  }
}
