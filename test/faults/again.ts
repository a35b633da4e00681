import type { Stack } from "../engine/stack";

/** Runs the command again like a person after a killed run, with `pulumi cancel` if Pulumi requires it. */
export async function runAgain(
  stack: Stack,
  verb: "up" | "destroy",
  ...options: string[]
): Promise<{ code: number; output: string; cancelled: boolean }> {
  const first = await stack.attempt(verb, ...options);
  const cancelled = first.output.includes("pulumi cancel");
  if (!cancelled) return { ...first, cancelled };
  await stack.cancel();
  return { ...(await stack.attempt(verb, ...options)), cancelled };
}
