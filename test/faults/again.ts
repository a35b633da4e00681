import type { Stack } from "../engine/stack";

/** What a person does after a run that was killed: the same again, after `pulumi cancel` where it is asked for. */
export async function runAgain(
  stack: Stack,
  verb: "up" | "destroy",
): Promise<{ code: number; output: string; cancelled: boolean }> {
  const first = await stack.attempt(verb);
  const cancelled = first.output.includes("pulumi cancel");
  if (!cancelled) return { ...first, cancelled };
  await stack.cancel();
  return { ...(await stack.attempt(verb)), cancelled };
}
