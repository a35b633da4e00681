import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { rootCertificates } from "node:tls";
import {
  compactCertificates,
  expandCertificates,
  knowCertificates,
} from "../../../../providers/core/certificates";

const [configured = "", other = ""] = rootCertificates;
const properties = {
  name: "realm",
  proxmox: { url: "https://pve", caCertificate: configured },
  more: [other, 1],
};

suite("a certificate", () => {
  test("in the config has a short form in the state, and is expanded from the config", () => {
    assert.deepEqual(compactCertificates(properties), properties);
    knowCertificates({ proxmoxCa: `${configured}\n`, proxmoxToken: "root@pam!x=y" });
    const short = compactCertificates(properties);
    assert.ok(!JSON.stringify(short).includes(JSON.stringify(configured)));
    assert.ok(JSON.stringify(short).includes(JSON.stringify(other)));
    assert.deepEqual(expandCertificates(short), properties);
  });

  test("that is missing in the config is an error", () => {
    const unknown = `certificate sha256:${"0".repeat(64)}`;
    assert.throws(() => expandCertificates({ proxmox: { caCertificate: unknown } }), {
      name: "UserError",
      message: /the stack config has lost the certificate sha256:0+.*pulumi up/,
    });
  });
});
