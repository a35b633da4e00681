import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { isAnotherCa, nodeDistrustCommands, nodeTrustCommands } from "../../../providers/pki/trust";

const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

const other = ca.replace("MIIB", "MIIC");

/** The contents of the folder after the commands, by file name. */
function written(commands: string): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "trust-"));
  try {
    const script = commands
      .replaceAll("/usr/local/share/ca-certificates", folder)
      .replace(/^update-ca-certificates.*$/gm, ":");
    execFileSync("sh", { input: script });
    return Object.fromEntries(
      readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

suite("the commands for the nodes", () => {
  test("write each certificate of a CA bundle into a separate file, where OpenSSL finds it", () => {
    assert.deepEqual(written(nodeTrustCommands(ca + other)), {
      "authentik-ca.crt": ca,
      "authentik-ca-2.crt": other,
    });
  });

  test("also trust the previous CA while it changes, and remove it afterwards", () => {
    const both = nodeTrustCommands(ca, other);
    assert.deepEqual(written(both), { "authentik-ca.crt": ca, "authentik-ca-before.crt": other });
    assert.deepEqual(written(`${both}\n${nodeDistrustCommands}`), { "authentik-ca.crt": ca });
  });

  test("recognize another CA, also with text around it", () => {
    assert.equal(isAnotherCa(`Certificate:\n${other}`, ca), true);
    assert.equal(isAnotherCa(`Certificate:\n${ca}`, ca), false);
    assert.equal(isAnotherCa("[secret]", ca), false);
  });

  test("install the CA in Debian's trust store, and update the store", () => {
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
