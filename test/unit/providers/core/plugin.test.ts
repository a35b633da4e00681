import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { test } from "node:test";

const module = resolve(__dirname, "../../../../providers/core/plugin.ts");

/** A process that looks like Pulumi's plugin and would never end. */
function plugin(engine: string, work: string): ChildProcess {
  const script = `require(${JSON.stringify(module)}).preparePlugin();
    process.on("uncaughtException", (error) => console.error(error));
    setInterval(() => { ${work} }, 100); console.log("ready");`;
  return spawn(process.execPath, ["--import", "tsx", "-e", script, "", engine], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

test("a plugin ends when its engine is dead, and not before", { timeout: 20_000 }, async () => {
  const engine = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
  await once(engine, "listening");
  const address: unknown = engine.address();
  const child = plugin(`127.0.0.1:${Object(address).port}`, "");
  await Promise.all([once(engine, "connection"), once(child.stdout ?? child, "data")]);
  await once(engine, "connection");
  assert.equal(child.exitCode, null);
  engine.close();
  const [code] = await once(child, "exit");
  assert.equal(code, 1);
});

test("a plugin ends when it tells a console that is gone", { timeout: 20_000 }, async () => {
  const engine = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
  await once(engine, "listening");
  const address: unknown = engine.address();
  const child = plugin(`127.0.0.1:${Object(address).port}`, "console.log('progress')");
  await once(child.stdout ?? child, "data");
  child.stdout?.destroy();
  child.stderr?.destroy();
  const [code] = await once(child, "exit");
  assert.equal(code, 1);
  engine.close();
});
