import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { promisify } from "node:util";
import { parse } from "yaml";
import { projectRoot } from "../../scripts/paths";

/** Asks the plugin's process what it has loaded once a resource was wanted, and ends it. */
const probe = `setTimeout(() => {
  const provider = require(${JSON.stringify(join(projectRoot, "dynamic.cjs"))})("sso:Identity");
  console.error(JSON.stringify({ kind: provider.constructor.name, loaded: Object.keys(require.cache) }));
  process.exit();
}, 1500);`;

suite("the plugin that Pulumi.yaml names", () => {
  // It looks whether its engine lives.
  const engine = createServer().listen(0, "127.0.0.1");
  let folder: string;
  let port: string;
  let seen: { kind: string; loaded: string[] };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "plugin-"));
    await writeFile(join(folder, "probe.cjs"), probe);
    const { plugins } = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8"));
    const [{ name, path }] = plugins.providers;
    const plugin = join(projectRoot, path, `pulumi-resource-${name}`);
    const address = engine.address();
    const target = typeof address === "object" ? `127.0.0.1:${address?.port}` : "";
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--require", join(folder, "probe.cjs"), plugin, target],
      { timeout: 30_000 },
    );
    port = stdout.trim();
    seen = JSON.parse(stderr);
  });
  after(async () => {
    engine.close();
    await rm(folder, { recursive: true });
  });

  test("tells the engine its port, and nothing else", () => assert.match(port, /^\d+$/));

  test("has the resources", () => assert.equal(seen.kind, "DefinedProvider"));

  test("has Pulumi's SDK and the resources out of one file, and neither a second time", () => {
    const apart = /node_modules\/(@grpc|google-protobuf|typescript|zod|axios)\//;
    assert.deepEqual(
      seen.loaded.filter((path) => apart.test(path)),
      [],
    );
  });
});
