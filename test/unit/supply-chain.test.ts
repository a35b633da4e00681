import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { parse } from "yaml";
import { z } from "zod";
import { projectRoot } from "../../cli/paths";
import { defaultImages } from "../../components/images";
import { authentikVersionIn, postgresMajorIn } from "../../components/versions";
import { defaultVersion } from "../../providers/authentik/releases";

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      integrity: z.string().optional(),
      resolved: z.string().optional(),
      hasInstallScript: z.boolean().default(false),
      dev: z.boolean().default(false),
    }),
  ),
});
const workflow = z.object({
  on: z.unknown(),
  permissions: z.unknown(),
  jobs: z.record(
    z.string(),
    z.looseObject({
      environment: z.string(),
      permissions: z.record(z.string(), z.string()),
      steps: z.array(z.looseObject({ run: z.string().optional() })),
    }),
  ),
});
const { packages } = lockFile.parse(JSON.parse(readFileSync(join(projectRoot, "package-lock.json"), "utf8")));
const { "": _, ...installed } = packages;

/**
 * These scripts choose or check the binary for the machine. A new one must be reviewed before it is added
 * here.
 */
const knownInstallScripts = ["cpu-features", "esbuild", "protobufjs", "ssh2"];

const buildTools = ["esbuild", "tsx", "@biomejs/biome", "@types/node-forge", "playwright-core", "dockerode"];

test("users of the package install no build or test tool with it", () => {
  const shipped = Object.entries(installed)
    .filter(([, { dev }]) => !dev)
    .map(([path]) => path.split("node_modules/").at(-1) ?? "");
  assert.ok(shipped.includes("@pulumi/pulumi"));
  assert.deepEqual(
    shipped.filter((name) => buildTools.includes(name) || name.startsWith("@esbuild/")),
    [],
  );
});

suite("a release", () => {
  test("has a provenance, from one job that a reviewer starts", () => {
    const { on, permissions, jobs } = workflow.parse(
      parse(readFileSync(join(projectRoot, ".github", "workflows", "release.yml"), "utf8")),
    );
    assert.deepEqual(on, { push: { tags: ["v*"] } });
    assert.deepEqual([permissions, Object.keys(jobs)], [{}, ["publish"]]);
    const { publish } = jobs;
    assert.equal(publish?.environment, "npm");
    assert.equal(publish?.permissions["id-token"], "write");
    const runs = publish?.steps.map(({ run = "" }) => run) ?? [];
    const order = ["npm ci", "npm audit signatures", "npm pack", "npm run sbom"];
    const places = [...order, "npm publish --provenance"].map((start) =>
      runs.findIndex((run) => run.startsWith(start)),
    );
    assert.ok(!places.includes(-1), `${places}`);
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
      "what is listed is what is published",
    );
  });
});

suite("what npm ci installs", () => {
  test("pins every package by a hash", () => {
    const names = Object.entries(installed).filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? ""));
    assert.deepEqual(names, []);
  });

  test("comes from npm's registry", () => {
    const others = Object.values(installed).filter(
      ({ resolved = "https://registry.npmjs.org/" }) => !resolved.startsWith("https://registry.npmjs.org/"),
    );
    assert.deepEqual(others, []);
  });

  test("runs no unreviewed installation script", () => {
    const names = Object.entries(installed)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.split("node_modules/").at(-1));
    assert.deepEqual([...new Set(names)].sort(), knownInstallScripts);
  });
});

test("no default image is the latest of its repository", () => {
  for (const image of Object.values(defaultImages)) assert.match(image, /^[^:]+:(?!latest$)[\w.-]+$/);
});

test("an image that is pinned by digest has its version in its tag", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  assert.equal(authentikVersionIn(`${defaultImages.authentik}@${digest}`), defaultVersion);
  assert.equal(postgresMajorIn(`${defaultImages.postgres}@${digest}`), 16);
  assert.equal(postgresMajorIn(`docker.io/library/postgres@${digest}`), undefined);
  assert.equal(postgresMajorIn("registry.example.com:5000/postgres:17.2"), 17);
});
