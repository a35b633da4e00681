import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { before, suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { z } from "zod";
import { loadConfig } from "../../../config/load";
import { configKey, configSchema, secretKeys } from "../../../config/schema";
import { deployed, existing, mistakesOf } from "./right";

const root = resolve(__dirname, "../../..");
const read = (file: string) => readFileSync(resolve(root, file), "utf8");

const projectFile = z.object({
  name: z.string(),
  config: z.record(
    z.string(),
    z.strictObject({
      description: z.string().min(10),
      type: z.enum(["string", "boolean", "integer", "array", "object"]),
      default: z.unknown(),
      items: z.unknown().optional(),
    }),
  ),
});

const project = projectFile.parse(parse(read("Pulumi.yaml")));
const isPluginKey = (key: string) => configKey(key) !== key;

suite("Pulumi.yaml", () => {
  test("describes every key of the program, and no other key", () => {
    const keys = Object.keys(configSchema.shape).filter((key) => !isPluginKey(key));
    assert.deepEqual(Object.keys(project.config).sort(), keys.sort());
  });

  test("names the credentials in the plugin's namespace, which Pulumi.yaml cannot describe", () => {
    for (const key of Object.keys(configSchema.shape).filter(isPluginKey)) {
      assert.match(read("Pulumi.yaml"), new RegExp(`^#   ${configKey(key)}\\s+\\S`, "m"));
    }
  });

  test("has the defaults of the program", () => {
    for (const [key, schema] of Object.entries(configSchema.shape)) {
      if (isPluginKey(key)) continue;
      const fallback = schema.parse(undefined);
      assert.deepEqual(project.config[key]?.default, fallback ?? "", key);
    }
  });

  test("has types that the program reads from the engine's text", () => {
    for (const [key, { type, default: value }] of Object.entries(project.config)) {
      const types = {
        string: "string",
        boolean: "boolean",
        integer: "number",
        array: "object",
        object: "object",
      };
      assert.equal(typeof value, types[type], key);
    }
  });

  test("has no default for a secret", () => {
    for (const key of secretKeys) assert.ok(!project.config[key]?.default, key);
  });
});

test("Pulumi.dev.yaml with the secrets of the set-up is valid", () => {
  const file = z.object({ config: z.record(z.string(), z.unknown()) }).parse(parse(read("Pulumi.dev.yaml")));
  const lab = Object.entries(file.config).map(([key, value]) => [
    key.replace(`${project.name}:`, ""),
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const secrets = Object.fromEntries(secretKeys.map((key) => [key, deployed[key] ?? ""]));
  assert.deepEqual(mistakesOf({ ...Object.fromEntries(lab), ...secrets }), []);
});

suite("the engine's config", () => {
  function load(config: Record<string, string>, encrypted: string[]) {
    process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(encrypted);
    pulumi.runtime.setAllConfig(config);
    return loadConfig();
  }

  let own: string;
  let right: Record<string, string>;
  let tokens: string[];
  const fullName = (key: string) => (isPluginKey(key) ? configKey(key) : own + key);
  before(() => {
    own = `${pulumi.getProject()}:`;
    right = Object.fromEntries(Object.entries(existing).map(([key, value]) => [fullName(key), value]));
    tokens = [fullName("authentikToken"), fullName("proxmoxToken")];
  });

  test("contains this project's keys and the plugin's credentials, and ignores those of other providers", () => {
    const { config } = load({ ...right, "docker:host": "ssh://x", "pulumi-nodejs:other": "y" }, tokens);
    assert.equal(config.proxmoxToken, existing.proxmoxToken);
    assert.deepEqual(config.proxmoxAddresses, ["https://pve.example.com:8006"]);
  });

  test("has its secrets encrypted", () => {
    assert.throws(() => load(right, tokens.slice(1)), /pulumi-nodejs:authentikToken is in plain text/);
  });

  test("names the right namespace of a credential among the project's own keys", () => {
    const { [fullName("proxmoxToken")]: token = "", ...others } = right;
    const misplaced = `${own}proxmoxToken`;
    assert.throws(
      () => load({ ...others, [misplaced]: token }, [...tokens, misplaced]),
      (error) =>
        error instanceof pulumi.RunError &&
        error.message.includes(`${misplaced} is not a configuration key of this program`) &&
        error.message.includes("pulumi-nodejs:proxmoxToken is missing"),
    );
  });
});
