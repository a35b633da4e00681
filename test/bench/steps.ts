import type { Stack } from "../engine/stack";
import type { FloorCommand } from "./empty-stack";
import type { OpenTofuStep } from "./opentofu";

/** A Pulumi command, its baseline with an empty program, and OpenTofu's equivalent. */
export interface Step {
  readonly name: string;
  readonly floor: FloorCommand;
  readonly openTofu?: OpenTofuStep;
  run(stack: Stack): Promise<unknown>;
}

/** The first `up`, and how each of its parts is run alone. */
const whole: Step = { name: "up", floor: "up", openTofu: "apply", run: (stack) => stack.up() };
const parts: readonly Step[] = [
  { name: "readiness", floor: "up", run: (stack) => stack.up("--target", "**Readiness**") },
  { name: "objects", floor: "up", run: (stack) => stack.up("--exclude", "**LoginProof**") },
  { name: "proofs of login", floor: "up", run: (stack) => stack.up() },
];

const others: readonly Step[] = [
  { name: "preview, no change", floor: "preview", run: (stack) => stack.preview() },
  { name: "up, no change", floor: "up", run: (stack) => stack.up() },
  { name: "refresh", floor: "refresh", openTofu: "plan", run: (stack) => stack.refresh() },
  {
    name: "preview with refresh",
    floor: "preview",
    openTofu: "plan",
    run: (stack) => stack.preview({}, "--refresh"),
  },
  {
    name: "one small change",
    floor: "up",
    async run(stack) {
      await stack.configure({ plain: { description: "changed" } });
      await stack.up();
    },
  },
  { name: "destroy", floor: "destroy", openTofu: "destroy", run: (stack) => stack.destroy() },
];

/** What a user runs, in the order of a stack's life. The `up` includes readiness and proofs, which OpenTofu lacks. */
export const steps: readonly Step[] = [whole, ...others];

/** The same, with the first `up` in its parts, which separates their calls. */
export const stepsInParts: readonly Step[] = [...parts, ...others];
