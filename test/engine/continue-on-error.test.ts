import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { configFor, useEngine } from "./harness";

describe("if one of two clusters is unreachable,", () => {
  const engine = useEngine();
  let output = "";

  before(async () => {
    const { plain, secret } = configFor(engine.servers);
    await engine.stack.configure({
      plain: { ...plain, "clusters.berlin.addresses[0]": "https://127.0.0.1:1" },
      secret: { ...secret, "pulumi-nodejs:proxmoxToken-berlin": engine.servers.proxmoxToken },
    });
    const run = await engine.stack.attempt("up", "--continue-on-error");
    assert.notEqual(run.code, 0);
    output = run.output;
  });

  it("the other one is created and proved", () => {
    assert.match(output, /akadmin@authentik\\?" logged in through authentik/);
  });

  it("the output has one error, with the resource that failed, and one line about what was left out", () => {
    const errors = output.slice(output.indexOf("Diagnostics:")).match(/error: .*/g) ?? [];
    assert.deepEqual(errors.sort(), [
      "error: Skipped the resources that need berlin-realm: it failed, see its own message.",
      'error: Unable to create the Proxmox realm "authentik": Proxmox refuses connections at https://127.0.0.1:1. Check that it is running, and that the port is right.',
    ]);
    assert.doesNotMatch(output, /unhandled|\n\s+at |serializing/);
  });

  it("the retry is printed once", () => {
    const diagnostics = output.slice(output.indexOf("Diagnostics:"));
    assert.equal(diagnostics.match(/trying again/g)?.length, 1, diagnostics);
  });

  it("it is listed without values, next to the outputs of the other", async () => {
    const { clusters } = JSON.parse(await engine.stack.capture(["stack", "output", "--json"]));
    assert.equal(clusters.sso.realm, "authentik");
    assert.equal(clusters.berlin.realm, undefined);
  });
});
