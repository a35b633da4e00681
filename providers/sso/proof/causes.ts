import { nodeTrustCommands } from "../../pki/trust";
import { explainIssuer } from "./discovery";

const untrustedCa =
  "The Proxmox node does not trust the CA of authentik's TLS certificate. Paste this into a root shell on every node, " +
  "then run pulumi up again. The node trusts the CA immediately:";

/** Without a CA in the config, the certificate is probably of a public CA, which the node knows. */
const missingChain =
  "If a public CA signed it, authentik or the proxy in front does not send the intermediate certificate. Install the certificate with its chain there. Otherwise: ";

/** Proxmox's error messages (measured), with their cause. */
const causes: readonly (readonly [RegExp, string])[] = [
  [
    /hostname mismatch|IP address mismatch/,
    "authentik's TLS certificate is not for the host name in the issuer. Issue a certificate for this name.",
  ],
  [
    /permitted subtree violation|excluded subtree violation/,
    "The CA of authentik's TLS certificate may not sign for the host name in the issuer. Create a CA for that name, as docs/rotation.md describes.",
  ],
  [
    /unable to get issuer certificate/,
    "The node trusts an intermediate CA, but not the root CA that issued it. Add the root's certificate below it, in `authentikCaCertificate` or `tlsCaCertificate`. Then run npm run trust, and pulumi up again.",
  ],
  [/certificate has expired/, "authentik's TLS certificate has expired. Renew it."],
  [
    /certificate is not yet valid/,
    "The node's clock is behind: authentik's TLS certificate is not valid yet. Set the clock (chrony).",
  ],
  [
    /Connection refused/,
    "The node reaches authentik's host, but nothing listens on that port. Check the port and firewalls between them.",
  ],
  [
    /Name or service not known|lookup address/,
    "The node cannot resolve authentik's host name. Check DNS or /etc/hosts on the node.",
  ],
  [
    /Connection reset/,
    "The connection from the node to authentik was cut. Check proxies and firewalls between them.",
  ],
  [/missing field `keys`/, "authentik's provider has no signing key. Run pulumi refresh, then pulumi up."],
  [
    /http status: 404/,
    "authentik has no application with the slug in the issuer. Run pulumi refresh, then pulumi up.",
  ],
  [
    /http status: 5/,
    "authentik failed on the node's request. A signing certificate without a private key, or with ed25519, causes this. Check authentik's log.",
  ],
  [/does not exist/, "This Proxmox does not have the realm. Run pulumi refresh, then pulumi up."],
];

/** Proxmox's message, its cause, and the fix. */
export function explainFailure(status: number, said: string, authentikCa: string | undefined): string {
  const raw = `Proxmox says ${status} "${said}".`;
  // pveproxy answers 595 if pvedaemon is down, and 596 if it waits too long for it.
  if (status === 595) {
    return `${raw} Proxmox's daemon pvedaemon did not answer. Check \`systemctl status pvedaemon\` on the node.`;
  }
  const issuers = /unexpected issuer URI `(.*?)` \(expected `(.*?)`\)/.exec(said);
  if (issuers?.[1] && issuers[2]) return `${raw} ${explainIssuer(issuers[1], issuers[2])}`;
  if (/unable to get local issuer certificate|self.signed certificate/.test(said)) {
    const chain = authentikCa === undefined ? missingChain : "";
    return `${raw} ${chain}${untrustedCa}\n${nodeTrustCommands(authentikCa ?? "(the PEM of that CA)")}`;
  }
  const cause = causes.find(([pattern]) => pattern.test(said));
  if (cause) return `${raw} ${cause[1]}`;
  if (status === 596) {
    return `${raw} The node waited 30 s for authentik without an answer. authentik is reachable from here, but not from the node. Check routes and firewalls.`;
  }
  if (status === 401) {
    return (
      `${raw} Proxmox writes the reason only to the node's log: run journalctl -u pvedaemon -n 20 there. Usual causes:\n` +
      "- The provider has an encryption key, or the client key differs on the two servers.\n" +
      "- The user name is missing, longer than 64 characters with the realm, or has a space or `/`.\n" +
      "- The user does not exist and autocreate is off, or the user is disabled or expired.\n" +
      "- The node's clock is ahead of authentik's."
    );
  }
  return raw;
}
