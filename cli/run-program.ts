import type { Command } from "commander";
import { keepEngineFromProxies } from "./system/engine-proxy";

/** Prints a failure as one message, and exits with 1. */
export function runProgram(program: Command): void {
  keepEngineFromProxies(process.env);
  program.parseAsync().catch((error: unknown) => {
    console.error(error instanceof Error ? `\n${error.message}` : error);
    process.exitCode = 1;
  });
}
