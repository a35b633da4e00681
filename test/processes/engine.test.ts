import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { resolve } from "node:path";
import { test } from "node:test";

const module = resolve(__dirname, "../../providers/runtime/engine.ts");

/** A process that looks like Pulumi's plugin and never ends. */
function plugin(engine: string, work: string, prepare = "prepareOwnPlugin"): ChildProcess {
  const script = `require(${JSON.stringify(module)}).${prepare}();
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

test("a plugin ends when it prints to a console that is closed", { timeout: 20_000 }, async () => {
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

const http = resolve(__dirname, "../../providers/http/client.ts");

test("requests end with the engine in another program's process, and the process continues", {
  timeout: 20_000,
}, async () => {
  const engine = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
  const silent = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
  await Promise.all([once(engine, "listening"), once(silent, "listening")]);
  const portOf = (server: Server) => Object(server.address()).port;
  // One request is in progress. Its failure starts the next one, and the process ends by itself with its own
  // exit code.
  const work = `if (!globalThis.begun) {
    globalThis.begun = true;
    const { createHttp } = require(${JSON.stringify(http)});
    const options = { baseUrl: "http://127.0.0.1:${portOf(silent)}", headers: {}, isTransient: () => true };
    const get = () => createHttp(options).get("/").then(() => "answered", ({ code }) => code);
    get().then(async (first) => {
      for (let line = 0; line < 100; line++) console.error("nobody reads this");
      await new Promise((resolve) => setTimeout(resolve, 300));
      process.exit(first === "ERR_CANCELED" && (await get()) === "ERR_CANCELED" ? 7 : 8);
    });
  }`;
  const child = plugin(`127.0.0.1:${portOf(engine)}`, work, "stopWithTheEngine");
  await Promise.all([once(silent, "connection"), once(engine, "connection")]);
  assert.equal(child.exitCode, null);
  engine.close();
  child.stdout?.destroy();
  child.stderr?.destroy();
  const [code] = await once(child, "exit");
  assert.equal(code, 7);
  silent.close();
});
