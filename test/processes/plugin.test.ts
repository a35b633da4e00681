import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { promisify } from "node:util";
import { parse } from "yaml";
import { projectRoot } from "../../cli/paths";

const { plugins } = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8"));
const [{ name, path }] = plugins.providers;
const plugin = join(projectRoot, path, `pulumi-resource-${name}`);

/** Asks the plugin's process for its loaded modules after the first request for a resource, and ends it. */
const probe = `const ask = () => {
  const provider = require(${JSON.stringify(join(projectRoot, "providers/runtime/dynamic.cjs"))})("sso:Identity");
  console.error(JSON.stringify({ kind: provider.constructor.name, loaded: Object.keys(require.cache) }));
  process.exit();
};
// The second time begins when the plugin runs, which may have been bundled before.
setTimeout(() => setTimeout(ask, 800), 500);`;

/** The variables that tell the plugin whether its engine runs. */
async function newEngine(): Promise<{ engine: Server; address: string }> {
  const engine = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
  await once(engine, "listening");
  const address: unknown = engine.address();
  return { engine, address: `127.0.0.1:${Object(address).port}` };
}

suite("the plugin that Pulumi.yaml names", () => {
  let folder: string;
  let port: string;
  let seen: { kind: string; loaded: string[] };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "plugin-"));
    await writeFile(join(folder, "probe.cjs"), probe);
    const { engine, address } = await newEngine();
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--require", join(folder, "probe.cjs"), plugin, address],
      { timeout: 30_000 },
    );
    engine.close();
    port = stdout.trim();
    seen = JSON.parse(stderr);
  });
  after(() => rm(folder, { recursive: true }));

  test("prints its port for the engine, and nothing else", () => assert.match(port, /^\d+$/));

  test("has the resources", () => assert.equal(seen.kind, "DefinedProvider"));

  test("loads Pulumi's SDK and the resources from one file, and neither of them twice", () => {
    const apart = /node_modules\/(@grpc|google-protobuf|typescript|zod|axios)\//;
    assert.deepEqual(
      seen.loaded.filter((path) => apart.test(path)),
      [],
    );
  });

  test("ends with its engine, also if it got no request for a resource", {
    timeout: 20_000,
  }, async (context) => {
    const { engine, address } = await newEngine();
    const child = spawn(process.execPath, [plugin, address], { stdio: ["ignore", "pipe", "inherit"] });
    context.after(() => child.kill());
    await once(engine, "connection");
    engine.close();
    const [code] = await once(child, "exit");
    assert.equal(code, 1);
  });
});
