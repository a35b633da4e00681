import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { credentials } from "../../cli/commands/credentials";
import { createCertificateAuthority } from "../../providers/pki/certificate";
import { printedBy } from "../commands/printed";
import { assertUnchanged, useEngine } from "./harness";

describe("a CA that replaces another one", () => {
  const engine = useEngine();
  let old = "";
  let present = "";

  before(async () => {
    old = (await createCertificateAuthority("the old one")).certificate.trim();
    present = (await createCertificateAuthority("the new one")).certificate.trim();
    await engine.stack.configure({ plain: { authentikCaCertificate: old } });
    await engine.stack.up();
  });

  const commands = () => engine.stack.capture(["stack", "output", "nodeTrustCommands"]);

  it("is trusted by the nodes next to the old one, from the `up` that changes it to the next one", async () => {
    assert.ok(!(await commands()).includes("before"));
    await engine.stack.configure({ plain: { authentikCaCertificate: present } });
    await engine.stack.up();
    const both = await commands();
    assert.ok(both.includes(`authentik-ca.crt <<'EOF'\n${present}\n`), both);
    assert.ok(both.includes(`authentik-ca-before.crt <<'EOF'\n${old}\n`), both);
    assertUnchanged(await engine.stack.up());
    assert.ok(!(await commands()).includes(old));
  });

  it("is printed for the nodes when it is generated, before a server uses a certificate of it", async () => {
    const { code, output } = await printedBy(() =>
      credentials((args, input) => engine.stack.capture(args, input)),
    );
    assert.equal(code, 0, output);
    const generated = (await engine.stack.capture(["config", "get", "tlsCaCertificate"])).trim();
    assert.ok(output.includes(`authentik-ca.crt <<'EOF'\n${generated}\n`), output);
    assert.ok(output.includes(`authentik-ca-before.crt <<'EOF'\n${present}\n`), output);
    assert.match(
      output,
      /After that `pulumi up`, paste this:\n\nrm .*-before\.crt\nupdate-ca-certificates --fresh/,
    );
  });
});
