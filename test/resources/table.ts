import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { AnyDefinition } from "../../providers/core/definition";
import { Life } from "./life";
import { type Properties, providerOf } from "./simulators";

/** How one input behaves. Functions are called while the server runs. */
export interface InputCase {
  /** Another value than that of the base. */
  to: unknown | (() => unknown);
  /** Other inputs that must change together with it. */
  with?: Properties | (() => Properties);
  /** The result of a preview. @default update */
  shows?: "update" | "replace" | "nothing";
  /** Changes the same field on the server, outside of Pulumi. */
  drift?: () => Promise<unknown>;
  /** The server does not return it. */
  onlyHere?: true;
  /** Afterwards nothing proves that the object is ours. If a killed run has made the change, the next one refuses it. */
  endsProof?: true;
}

export interface ResourceTable {
  readonly title: string;
  readonly definition: AnyDefinition;
  readonly credentials?: Record<string, string>;
  base(): Properties;
  /** Creates what the cases refer to. */
  prepare?(): Promise<void>;
  /** The object of this state as the server returns it. */
  onServer(state: Properties): Promise<Properties>;
  /** Its fields that differ each time. */
  readonly volatile?: readonly string[];
  readonly inputs: Readonly<Record<string, InputCase>>;
  /**
   * Inputs by which an existing object is found. If given, each other input is adopted with another value.
   */
  readonly foundBy?: readonly string[];
  /** Inputs that this version of the server lacks, and the version that the message names. */
  readonly lacking?: Readonly<Record<string, { to: unknown; version: string }>>;
}

/**
 * Tries with an object the change of each input, its removal, each drift, and adoption with another value.
 */
export function testEachInput(table: ResourceTable): void {
  suite(table.title, () => {
    test("every input of the schema is in the table", () => {
      const known = [...Object.keys(table.inputs), ...Object.keys(table.lacking ?? {})];
      assert.deepEqual(known.sort(), Object.keys(table.definition.inputs.shape).sort());
    });

    const provider = () => providerOf(table.definition, table.credentials);
    let prepared: Promise<void> | undefined;

    async function withObject(action: (life: Life, base: Properties) => Promise<void>): Promise<void> {
      prepared ??= table.prepare?.() ?? Promise.resolve();
      await prepared;
      const life = new Life(await provider());
      const base = table.base();
      await life.create(base);
      try {
        await action(life, base);
      } finally {
        await life.delete();
        // Like a destroy after one that was killed when the server had its write, and the state did not.
        await life.delete();
      }
    }

    async function lasting({ state }: Life): Promise<Properties> {
      const fields = Object.entries(await table.onServer(state));
      return Object.fromEntries(fields.filter(([name]) => !table.volatile?.includes(name)));
    }

    for (const [input, { to, with: others, shows = "update", drift, onlyHere, endsProof }] of Object.entries(
      table.inputs,
    )) {
      const update = (life: Life, inputs: Properties) =>
        endsProof ? life.update(inputs) : life.updateAgain(inputs);
      test(`${input}: changed, read back, removed again, each also after a killed run`, () =>
        withObject(async (life, base) => {
          const before = await lasting(life);
          const whole = await table.onServer(life.state);
          const together = typeof others === "function" ? others() : others;
          const changed = { ...base, ...together, [input]: typeof to === "function" ? to() : to };
          assert.equal(await life.preview(base), "nothing", "before any change");
          assert.equal(await life.preview(changed), shows);
          if (shows === "nothing") return;
          if (shows === "replace") {
            await life.delete();
            await life.create(changed);
          } else {
            await update(life, changed);
          }
          assert.equal(await life.preview(changed), "nothing", "after the change");
          if (shows === "update") {
            const isStored = !isDeepStrictEqual(await table.onServer(life.state), whole);
            assert.equal(isStored, !onlyHere, "whether the server has the change");
          }
          await life.refresh();
          assert.equal(await life.preview(changed), "nothing", "after the change, read back");
          if (shows === "replace") return;

          assert.equal(await life.preview(base), "update", "back to the base");
          await update(life, base);
          await life.refresh();
          assert.equal(await life.preview(base), "nothing", "back at the base, read back");
          assert.deepEqual(await lasting(life), before);
        }));

      if (drift) {
        test(`${input}: a change made outside of Pulumi is shown and corrected`, () =>
          withObject(async (life, base) => {
            const before = await lasting(life);
            const inputsBefore = await life.refresh();
            await drift();
            const inputsAfter = await life.refresh();
            assert.notDeepEqual(inputsAfter[input], inputsBefore[input]);
            assert.equal(await life.preview(base), shows === "replace" ? "replace" : "update");
            if (shows === "replace") {
              await life.delete();
              await life.create(base);
            } else {
              await life.update(base);
            }
            assert.deepEqual(await lasting(life), before);
            await life.refresh();
            assert.equal(await life.preview(base), "nothing");
          }));
      }
    }

    const { foundBy } = table;
    const adoptable = Object.entries(table.inputs).filter(
      ([input, { shows = "update", onlyHere }]) =>
        foundBy && !foundBy.includes(input) && shows === "update" && !onlyHere,
    );
    for (const [input, { to, with: others }] of adoptable) {
      test(`${input}: another value on an existing object is refused, and set with adopt`, async () => {
        prepared ??= table.prepare?.() ?? Promise.resolve();
        await prepared;
        const { ownershipMark: _, ...base } = table.base();
        const [foreign, ours] = [new Life(await provider()), new Life(await provider())];
        await foreign.create({ ...base, ...others, [input]: typeof to === "function" ? to() : to });
        try {
          const before = await lasting(foreign);
          await assert.rejects(ours.create(base), {
            name: "UserError",
            message: /exists already.*adopt: true/,
          });
          assert.deepEqual(await lasting(foreign), before, "nothing was written");
          await ours.create({ ...table.base(), adopt: true });
          await ours.refresh();
          assert.equal(await ours.preview(table.base()), "nothing");
          await ours.delete();
        } finally {
          await foreign.delete();
        }
      });
    }

    for (const [input, { to, version }] of Object.entries(table.lacking ?? {})) {
      test(`${input}: refused before any write, with the version that has it`, () =>
        withObject(async (life, base) => {
          const before = await table.onServer(life.state);
          const message = new RegExp(`\`${input}\` needs .* ${version.replace(".", "\\.")} or later`);
          await assert.rejects(life.update({ ...base, [input]: to }), { name: "UserError", message });
          assert.deepEqual(await table.onServer(life.state), before);
        }));
    }
  });
}
