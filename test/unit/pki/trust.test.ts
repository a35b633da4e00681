import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { suite, test } from "node:test";
import { nodeTrustCommands } from "../../../providers/pki/trust";

const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

suite("the commands for the nodes", () => {
  test("put the CA where Debian's trust store takes it, and update the store", () => {
    const lines = nodeTrustCommands(ca).split("\n");
    assert.match(lines[0] ?? "", /^cat > \/usr\/local\/share\/ca-certificates\/[\w-]+\.crt <<'EOF'$/);
    assert.equal(lines.at(-1), "update-ca-certificates");
  });

  test("write the CA unchanged when a shell runs them", () => {
    const [, ...rest] = nodeTrustCommands(ca).split("\n");
    const script = ["cat <<'EOF'", ...rest.slice(0, -1)].join("\n");
    assert.equal(execFileSync("sh", { input: script, encoding: "utf8" }), ca);
  });
});
