import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { nextSteps, nodeCommands } from "../../../components/outputs";

const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

suite("the commands for the nodes", () => {
  test("are none where the certificate is from a public CA", () => {
    assert.equal(nodeCommands(undefined), undefined);
    assert.equal(nodeCommands(""), undefined);
  });

  test("put the CA where Debian's trust store takes it, and update the store", () => {
    const lines = nodeCommands(ca)?.split("\n") ?? [];
    assert.match(lines[0] ?? "", /^cat > \/usr\/local\/share\/ca-certificates\/[\w-]+\.crt <<'EOF'$/);
    assert.equal(lines.at(-1), "update-ca-certificates");
  });

  test("write the CA unchanged when a shell runs them", () => {
    const [, ...rest] = nodeCommands(ca)?.split("\n") ?? [];
    const script = ["cat <<'EOF'", ...rest.slice(0, -1)].join("\n");
    assert.equal(execFileSync("sh", { input: script, encoding: "utf8" }), ca);
  });
});

test("the next step names the address, the realm and where to grant roles", async () => {
  const text = await new Promise((resolve) =>
    nextSteps(["https://pve.example.com:8006"], pulumi.output("authentik")).apply(resolve),
  );
  assert.match(String(text), /https:\/\/pve\.example\.com:8006.*"authentik".*Permissions/);
});
