import * as pulumi from "@pulumi/pulumi";

/**
 * An output to display, without a value if its resource failed. The engine reports that failure. A failing output
 * would make all others fail too.
 */
export function unlessNotMade(value: pulumi.Input<unknown>): pulumi.Output<unknown> {
  return pulumi.recover<unknown>(pulumi.output(value), (error: unknown) => {
    if (isFailure(error)) return undefined;
    throw error;
  });
}

/**
 * With `--continue-on-error`, the SDK reports a failed resource again for each dependent, as an exception with a
 * stack. All outputs of the resource share one error. This function replaces its message.
 */
export function reportBriefly(resource: pulumi.Resource): void {
  pulumi.recover<string>(resource.urn, (error: unknown) => {
    if (isFailure(error)) reword(error);
    return "";
  });
}

const reworded = new WeakSet<Error>();

function isFailure(error: unknown): error is Error {
  // The end of the SDK's message (runtime/resource.ts). The SDK puts the names of the failed properties before it.
  return error instanceof Error && (reworded.has(error) || error.message.endsWith(" failed to register"));
}

/** Direct and indirect dependents fail with the same error object. */
function reword(error: Error): void {
  if (reworded.has(error)) return;
  reworded.add(error);
  const [, name = "a resource"] = /resource (.+) \[/.exec(error.message) ?? [];
  const message = `Skipped the resources that need ${name}: it failed, see its own message.`;
  error.stack = "";
  Object.defineProperty(error, "message", { get: () => message, set: () => {} });
}
