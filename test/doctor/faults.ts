import { endOfTime } from "../../lab/authentik/start";
import type { Fault } from "./fault";
import { accessFaults } from "./faults-of-access";
import { administratorsFaults } from "./faults-of-administrators";
import { clusterFaults } from "./faults-of-clusters";
import { versionFaults } from "./faults-of-versions";

const unresolvable = "https://no-such-host.invalid:8006";

const generalFaults: readonly Fault[] = [
  {
    name: "a missing config key",
    config: () => ({ authentikToken: "" }),
    check: "Configuration",
    says: /pulumi-nodejs:authentikToken is missing: create an API token in authentik/,
  },
  {
    name: "a secret in plain text",
    inPlainText: ["proxmoxToken"],
    check: "Configuration",
    says: /pulumi-nodejs:proxmoxToken is in plain text: set it again with --secret/,
  },
  {
    name: "a Docker host that does not answer",
    beforeUp: true,
    config: () => ({ dockerHost: "tcp://127.0.0.1:1" }),
    check: "Docker",
    says: /does not answer at tcp:\/\/127\.0\.0\.1:1.*ECONNREFUSED.*check dockerHost/s,
  },
  {
    name: "a taken port",
    beforeUp: true,
    config: (lab) => ({ httpsPort: new URL(lab.origin).port }),
    check: "Ports",
    says: /listens on port \d+ already.*set httpPort and httpsPort/s,
  },
  {
    name: "authentik's name is not in DNS",
    config: () => ({ authentikUrl: "https://no-such-host.invalid" }),
    check: "Name of authentik",
    says: /no-such-host\.invalid does not resolve here.*DNS/s,
  },
  {
    name: "a Proxmox address is not in DNS",
    config: (lab) => ({ proxmoxAddresses: JSON.stringify([lab.proxmox.url, unresolvable]) }),
    plant: (lab) =>
      lab.inAuthentik.redirectUris(
        { matching_mode: "strict", url: lab.proxmox.url },
        { matching_mode: "strict", url: unresolvable },
      ),
    undo: (lab) => lab.rightRedirectUris(),
    check: "Names of its addresses",
    says: /no-such-host\.invalid does not resolve here/,
  },
  {
    name: "authentik's CA is not given",
    config: () => ({ authentikCaCertificate: "" }),
    check: "authentik answers",
    says: /from a CA that is not trusted here.*Give its CA as `authentikCaCertificate`/s,
  },
  {
    name: "authentik's certificate is for another name",
    config: (lab) => ({ authentikApiUrl: lab.authentik.httpUrl }),
    plant: (lab) => lab.serveTls("auth.example.com"),
    undo: (lab) => lab.serveTls("localhost"),
    check: "TLS of authentik",
    says: /is not for the name/,
  },
  {
    name: "authentik's certificate expires next week",
    plant: (lab) => lab.serveTls("localhost", 7),
    undo: (lab) => lab.serveTls("localhost"),
    level: "warn",
    check: "TLS of authentik",
    says: /expires in [67] days.*pulumi up/s,
  },
  {
    name: "a wrong authentik token",
    config: () => ({ authentikToken: "wr0ng-token-of-authentik" }),
    check: "authentik token",
    says: /refuses the API token in config key "pulumi-nodejs:authentikToken"/,
  },
  {
    name: "a token of a user who may do nothing",
    config: async (lab) => ({ authentikToken: await lab.inAuthentik.tokenOfNobody() }),
    check: "authentik token",
    says: /may not view certificate-key pairs, OAuth2 providers.*Give its user a role/s,
  },
  {
    name: "authentik's token ends next week",
    plant: (lab) => lab.inAuthentik.endTokens(new Date(Date.now() + 7.5 * 86_400_000)),
    undo: (lab) => lab.inAuthentik.endTokens(undefined),
    level: "warn",
    check: "authentik token",
    says: /The API token of akadmin expires in 7 days.*credentials -- --least-privilege/s,
  },
  {
    name: "Proxmox's token ends next week",
    plant: async (lab) => lab.endToken(Date.now() / 1000 + 7.5 * 86_400),
    undo: async (lab) => lab.endToken(0),
    level: "warn",
    check: "Proxmox token",
    cluster: "sso",
    says: /The API token of root@pam expires in 7 days.*pveum user token modify root@pam doctor --expire 0/s,
  },
  {
    name: "authentik's worker has stopped",
    plant: (lab) => lab.authentik.workerSeen(new Date(Date.now() - 180_000)),
    undo: (lab) => lab.authentik.workerSeen(endOfTime),
    check: "authentik's worker",
    says: /No worker of authentik runs.*Start authentik's worker, and look at its log/s,
  },
  {
    name: "Proxmox's CA is not given",
    config: () => ({ proxmoxCa: "" }),
    check: "Proxmox answers",
    says: /from a CA that is not trusted here.*`proxmoxCa`/s,
  },
  {
    name: "Proxmox's clock is two minutes ahead",
    plant: (lab) => lab.setClock(120),
    undo: (lab) => lab.setClock(0),
    check: "Clocks",
    says: /1(19|20|21) s ahead of authentik's.*NTP/s,
  },
  {
    name: "Proxmox's clock is a bit behind",
    plant: (lab) => lab.setClock(-20),
    undo: (lab) => lab.setClock(0),
    level: "warn",
    check: "Clocks",
    says: /s behind authentik's/,
  },
  {
    name: "a wrong Proxmox token",
    config: () => ({ proxmoxToken: "root@pam!doctor=11111111-2222-3333-4444-555555555555" }),
    check: "Proxmox token",
    says: /refuses the API token in config key "pulumi-nodejs:proxmoxToken"/,
  },
  {
    name: "the realm has the issuer without its slash",
    plant: (lab) => lab.realm({ "issuer-url": `${lab.origin}/application/o/proxmox` }),
    undo: (lab) => lab.realm({ "issuer-url": `${lab.origin}/application/o/proxmox/` }),
    check: "Realm",
    says: /trailing slash.*pulumi refresh/s,
  },
  {
    name: "the client secret differs on the two sides",
    plant: (lab) => lab.realm({ "client-key": "another-secret" }),
    undo: (lab) => lab.realm({ "client-key": "secret-of-proxmox" }),
    check: "OAuth2 provider",
    says: /client secret differs on the two sides/,
  },
  {
    name: "an encryption key is set",
    plant: async (lab) => lab.inAuthentik.provider({ encryption_key: await lab.inAuthentik.signingKey() }),
    undo: (lab) => lab.inAuthentik.provider({ encryption_key: null }),
    check: "OAuth2 provider",
    says: /encryption key is set.*pulumi refresh/s,
  },
  {
    name: "grant types without the one that Proxmox uses",
    plant: (lab) => lab.inAuthentik.provider({ grant_types: ["password"] }),
    undo: (lab) => lab.inAuthentik.provider({ grant_types: ["authorization_code"] }),
    check: "OAuth2 provider",
    says: /grant types lack authorization_code.*refuses every login.*pulumi refresh/s,
  },
  {
    name: "no signing key",
    plant: (lab) => lab.inAuthentik.provider({ signing_key: null }),
    undo: async (lab) => lab.inAuthentik.provider({ signing_key: await lab.inAuthentik.signingKey() }),
    check: "OAuth2 provider",
    says: /No signing key is set.*HS256/,
  },
  {
    name: "a second address that authentik does not know",
    plant: (lab) => lab.inAuthentik.redirectUris({ matching_mode: "strict", url: lab.proxmox.url }),
    undo: (lab) => lab.rightRedirectUris(),
    check: "Redirect URIs",
    cluster: "sso",
    says: /does not send people back to https:\/\/localhost:\d+: .*pulumi up/s,
  },
  {
    name: "a wildcard redirect URI",
    plant: (lab) =>
      lab.inAuthentik.redirectUris(
        { matching_mode: "strict", url: lab.proxmox.url },
        { matching_mode: "regex", url: "https://.*" },
      ),
    undo: (lab) => lab.rightRedirectUris(),
    level: "warn",
    check: "Redirect URIs",
    says: /`https:\/\/\.\*` \(a regular expression\)/,
  },
  {
    name: "the realm does not ask for the scope of the group claim",
    plant: (lab) => lab.realm({ scopes: "email" }),
    undo: (lab) => lab.realm({ scopes: "email profile proxmox_groups" }),
    check: "Group claims",
    says: /sends the claim "proxmox_groups" in the scopes email/,
  },
  {
    name: "the nodes do not trust authentik's CA",
    plant: (lab) => lab.trustNothing(),
    undo: (lab) => lab.trustOurs(),
    check: "authentik as Proxmox sees it",
    says: /does not trust the CA of authentik's TLS certificate.*update-ca-certificates/s,
  },
];

export const faults: readonly Fault[] = [
  ...versionFaults,
  ...generalFaults,
  ...accessFaults,
  ...administratorsFaults,
  ...clusterFaults,
];
