import * as pulumi from "@pulumi/pulumi";

/**
 * An output to show, without its value where its resource failed: the engine reports that failure, and an output that
 * fails too would take all others along.
 */
export function unlessNotMade(value: pulumi.Input<unknown>): pulumi.Output<unknown> {
  return pulumi.recover<unknown>(pulumi.output(value), (error: unknown) => {
    if (isFailure(error)) return undefined;
    throw error;
  });
}

/**
 * With `--continue-on-error` the SDK reports a failed resource once more for what needs it, as an exception of the program
 * with a stack. All outputs of the resource fail by one error, which gets words of ours here.
 */
export function reportBriefly(resource: pulumi.Resource): void {
  pulumi.recover<string>(resource.urn, (error: unknown) => {
    if (isFailure(error)) reword(error);
    return "";
  });
}

const reworded = new WeakSet<Error>();

function isFailure(error: unknown): error is Error {
  // The SDK's own words (runtime/resource.ts), before which it puts the names of the properties that fail by it.
  return error instanceof Error && (reworded.has(error) || error.message.endsWith(" failed to register"));
}

/** What needs the resource, and so on, fails by the same error. */
function reword(error: Error): void {
  if (reworded.has(error)) return;
  reworded.add(error);
  const [, name = "a resource"] = /resource (.+) \[/.exec(error.message) ?? [];
  const message = `What needs ${name} was left out: it failed, as its own message says.`;
  error.stack = "";
  Object.defineProperty(error, "message", { get: () => message, set: () => {} });
}
