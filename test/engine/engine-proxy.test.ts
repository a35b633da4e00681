import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keepEngineFromProxies } from "../../cli/system/engine-proxy";
import { useEngine } from "./harness";

describe("with https_proxy, and exceptions in upper case only,", () => {
  const engine = useEngine();

  it("the npm commands let Pulumi reach its own engine", async () => {
    const proxy = "http://127.0.0.1:9";
    const environment: NodeJS.ProcessEnv = {
      https_proxy: proxy,
      http_proxy: proxy,
      NO_PROXY: "127.0.0.1,localhost",
    };
    keepEngineFromProxies(environment);
    assert.match(await engine.stack.preview(environment), /\+ \d+ to create/);
  });

  it("and keep the exceptions that a user has set", () => {
    const environment: NodeJS.ProcessEnv = { no_grpc_proxy: "engine.example.com" };
    keepEngineFromProxies(environment);
    assert.deepEqual(environment, { no_grpc_proxy: "engine.example.com" });
  });
});
