import * as pulumi from "@pulumi/pulumi";

type Properties = Record<string, unknown>;

/** Removes the wrappers in which the program passes secrets. */
export function plain(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (pulumi.runtime.isRpcSecret(value)) return plainValue(pulumi.runtime.unwrapRpcSecret(value));
  if (Array.isArray(value)) return value.map(plainValue);
  return typeof value === "object" && value !== null ? plain(Object(value)) : value;
}
