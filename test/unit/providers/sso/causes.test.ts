import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { explainFailure } from "../../../../providers/sso/proof/causes";

const tls =
  "Request failed: ureq request failed - native-tls: error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed:../ssl/statem/statem_clnt.c:2124:";
const issuer = "https://auth.rig.test:9443/application/o/k3/";

/** Recorded reason phrases of `auth-url` (recordings/joint-login), and the required explanation of each. */
const recorded: [string, RegExp][] = [
  [`${tls} (unable to get local issuer certificate)`, /does not trust the CA.*every node.*pulumi up again/],
  [`${tls} (unable to get local issuer certificate)`, /If a public CA signed it, .* with its chain there/],
  [`${tls} (unable to get issuer certificate)`, /an intermediate CA, but not the root .* npm run trust/],
  [`${tls} (self-signed certificate)`, /does not trust the CA/],
  [`${tls} (hostname mismatch)`, /not for the host name in the issuer/],
  [`${tls} (IP address mismatch)`, /not for the host name in the issuer/],
  [`${tls} (permitted subtree violation)`, /may not sign for the host name in the issuer/],
  [`${tls} (certificate has expired)`, /has expired\. Renew it/],
  [`${tls} (certificate is not yet valid)`, /clock is behind/],
  [
    "Request failed: ureq request failed - io: Connection refused (os error 111)",
    /nothing listens on that port/,
  ],
  ["Request failed: ureq request failed - io: Connection reset by peer (os error 104)", /was cut/],
  [
    "Request failed: ureq request failed - io: failed to lookup address information: Name or service not known",
    /cannot resolve authentik's host name/,
  ],
  ["Failed to parse server response: missing field `keys` at line 1 column 2", /has no signing key/],
  [
    "Request failed: ureq request failed - http status: 404: http status: 404",
    /no application with the slug/,
  ],
  ["Request failed: ureq request failed - http status: 500: http status: 500", /ed25519/],
  ["domain 'nosuch' does not exist", /This Proxmox does not have the realm/],
  [
    `Validation error: unexpected issuer URI \`http://auth.rig.test:9443/application/o/k3/\` (expected \`${issuer}\`)`,
    /does not pass X-Forwarded-Proto/,
  ],
  [
    `Validation error: unexpected issuer URI \`https://auth.rig.test:9443/\` (expected \`${issuer}\`)`,
    /issuer mode is global/,
  ],
  [
    `Validation error: unexpected issuer URI \`${issuer}\` (expected \`https://AUTH.RIG.TEST:9443/application/o/k3/\`)`,
    /Check the application's slug|differs|equal byte by byte/,
  ],
  [
    `Validation error: unexpected issuer URI \`${issuer}\` (expected \`https://other.test/application/o/k3/\`)`,
    /does not pass the Host header/,
  ],
  [
    `Validation error: unexpected issuer URI \`${issuer}\` (expected \`${issuer.slice(0, -1)}\`)`,
    /slug and the trailing slash/,
  ],
];

suite("the explanation of Proxmox's message", () => {
  for (const [said, advice] of recorded) {
    test(said.slice(-90), () => {
      const message = explainFailure(500, said, undefined);
      assert.ok(message.includes(said), "the raw message is kept");
      assert.match(message, advice);
    });
  }

  test("for an untrusted CA contains the lines to paste", () => {
    const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    const message = explainFailure(500, `${tls} (unable to get local issuer certificate)`, ca);
    assert.ok(message.includes(ca) && message.endsWith("update-ca-certificates"), message);
  });

  test("for a refused login names the log with the reason, and the usual reasons", () => {
    assert.match(
      explainFailure(401, "authentication failure", undefined),
      /journalctl -u pvedaemon.*\n- The provider has an encryption key/,
    );
  });

  test("for a node whose own daemon does not run", () => {
    assert.match(
      explainFailure(595, "Connection refused", undefined),
      /pvedaemon did not answer\. Check `systemctl status pvedaemon` on the node/,
    );
  });

  test("for a node that gets no answer", () => {
    assert.match(
      explainFailure(596, "Connection timed out", undefined),
      /reachable from here, but not from the node/,
    );
  });
});
