import * as pulumi from "@pulumi/pulumi";

/** Shorter texts, numbers and switches would match unrelated values. */
const shortest = 5;

let hidden: readonly string[] = [];

/**
 * Marks every input, output and state property that contains one of these texts as secret. For config values that the
 * user encrypted, except credentials.
 */
export function conceal(texts: readonly string[]): void {
  hidden = texts.filter((text) => text.length >= shortest);
  if (hidden.length === 0) return;
  pulumi.runtime.registerStackTransformation(({ props, opts, type }) => ({
    props: concealed(props),
    opts: pulumi.mergeOptions(opts, { additionalSecretOutputs: derivedOutputs(type, props) }),
  }));
}

/** Derived outputs can contain the inputs. Pulumi's engine marks only outputs with the name of a secret input. */
function derivedOutputs(type: string, props: Readonly<Record<string, unknown>>): string[] {
  const own = Object.keys(props).filter((name) => props[name] === undefined && !random.includes(name));
  return type.startsWith("docker:") ? [...own, ...ofDocker] : own;
}

/** Outputs that contain no input. */
const random = ["revision", "serialNumber"];
const ofDocker = ["repoDigest", "mountpoint", "networkDatas", "hostname"];

/** The value, with each text that contains a secret marked as secret. */
export function concealed<Value>(value: Value): Value;
export function concealed(value: unknown): unknown {
  if (hidden.length === 0) return value;
  if (typeof value === "string") {
    return hidden.some((text) => value.includes(text)) ? pulumi.secret(value) : value;
  }
  if (pulumi.Output.isInstance(value)) return value.apply((known) => concealed(known));
  if (Array.isArray(value)) return value.map((item) => concealed(item));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, concealed(inner)]));
}
