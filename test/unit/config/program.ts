import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { configKey } from "../../../config/schema";
import { conceal } from "../../../providers/core/concealment";

const project = "sso";
const load = createRequire(__filename);

/** Config by key. The value of a key with parts is JSON. */
export type Keys = Readonly<Record<string, string>>;

/** A resource as the engine receives it, with a secret wrapped in an object. Or the stack's outputs. */
export interface Received {
  readonly name: string;
  readonly values: unknown;
}

/** Runs the whole program as in a preview, without an engine. */
export async function programWith(plain: Keys, encrypted: Keys): Promise<Received[]> {
  const all: Received[] = [];
  const newResource = ({ name, inputs, id }: pulumi.runtime.MockResourceArgs) => {
    all.push({ name, values: inputs });
    return { id: id ?? `${name}-id`, state: { ...inputs, serialNumber: "4711", revision: "1" } };
  };
  const fullKey = (key: string) =>
    configKey(key) === key && !key.includes(":") ? `${project}:${key}` : configKey(key);
  const full = (keys: Keys) =>
    Object.fromEntries(Object.entries(keys).map(([key, value]) => [fullKey(key), value]));
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, project, "canaries", true);
  pulumi.runtime.setAllConfig({ ...full(plain), ...full(encrypted) });
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(Object.keys(full(encrypted)));
  const program = load.resolve("../../../index");
  try {
    await pulumi.runtime.runInPulumiStack(async () => load(program));
    const outputs = { ...load(program) };
    all.push({ name: "outputs", values: await pulumi.runtime.serializeProperties("outputs", outputs) });
  } finally {
    await pulumi.runtime.disconnect();
    delete load.cache[program];
    delete process.env.PULUMI_CONFIG_SECRET_KEYS;
    conceal([]);
    pulumi.runtime.setAllConfig({});
  }
  return all;
}

/** Every text and name of a value that no secret contains. */
export function openTexts(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [String(value)];
  const isSecret = "4dabf18193072939515e22adb298388d" in value;
  return isSecret ? [] : Object.entries(value).flatMap(([name, inner]) => [name, ...openTexts(inner)]);
}
