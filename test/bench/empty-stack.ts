import { join } from "node:path";
import { Stack } from "../engine/stack";
import { type Figures, figuresOf } from "./figures";

/** A command of the baseline. */
export type FloorCommand = "preview" | "up" | "refresh" | "destroy";

/** An empty TypeScript program, run with Pulumi's defaults. */
export class EmptyStack {
  private constructor(private readonly stack: Stack) {}

  static async create(): Promise<EmptyStack> {
    const stack = await Stack.create({ plain: {}, secret: {} }, join(__dirname, "empty"));
    // The first run fills the caches of ts-node and Pulumi.
    await stack.up();
    return new EmptyStack(stack);
  }

  async measure(command: FloorCommand): Promise<Figures> {
    const figures = await figuresOf(() => this.stack[command]());
    if (command === "destroy") await this.stack.up();
    return figures;
  }

  remove(): Promise<void> {
    return this.stack.remove();
  }
}
