import * as pulumi from "@pulumi/pulumi";

/** Shorter ones, numbers and switches stand for nothing by themselves, and would be found everywhere. */
const shortest = 5;

let hidden: readonly string[] = [];

/**
 * From here on, what has one of these texts in it is a secret to the engine: in inputs, outputs and the state of every resource. For
 * values of the config that are secrets by the user's choice; credentials are none of them.
 */
export function conceal(texts: readonly string[]): void {
  hidden = texts.filter((text) => text.length >= shortest);
  if (hidden.length === 0) return;
  pulumi.runtime.registerStackTransformation(({ props, opts, type }) => ({
    props: concealed(props),
    opts: pulumi.mergeOptions(opts, { additionalSecretOutputs: derivedOutputs(type, props) }),
  }));
}

/** What a resource makes of its inputs may have them in it. The engine marks only outputs of the same names by itself. */
function derivedOutputs(type: string, props: Readonly<Record<string, unknown>>): string[] {
  const own = Object.keys(props).filter((name) => props[name] === undefined && !random.includes(name));
  return type.startsWith("docker:") ? [...own, ...ofDocker] : own;
}

/** Outputs of ours that nothing given is in. */
const random = ["revision", "serialNumber"];
const ofDocker = ["repoDigest", "mountpoint", "networkDatas", "hostname"];

/** The value, with each text that is to be hidden as a secret. */
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
