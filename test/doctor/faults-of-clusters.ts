import type { Fault } from "./fault";
import type { Lab } from "./lab";

const nobody = "https://127.0.0.1:1";
const inBerlin = (changes: Record<string, unknown>) => (lab: Lab) => ({
  clusters: JSON.stringify({ berlin: lab.inBerlin(changes) }),
});

/** Faults of a cluster's second node, or of the second of several clusters. */
export const clusterFaults: readonly Fault[] = [
  {
    name: "only the second node does not trust authentik's CA",
    plant: (lab) => lab.node2TrustsNothing(),
    undo: (lab) => lab.node2TrustsOurs(),
    check: "authentik as Proxmox sees it",
    cluster: "sso",
    says: /^At https:\/\/localhost:\d+: .*does not trust the CA.*update-ca-certificates/s,
  },
  {
    name: "an address that does not answer from here",
    config: (lab) => ({ proxmoxAddresses: JSON.stringify([lab.proxmox.url, nobody]) }),
    plant: (lab) =>
      lab.inAuthentik.redirectUris(
        { matching_mode: "strict", url: lab.proxmox.url },
        { matching_mode: "strict", url: nobody },
      ),
    undo: (lab) => lab.rightRedirectUris(),
    level: "warn",
    check: "authentik as Proxmox sees it",
    says: /the node at https:\/\/127\.0\.0\.1:1 sees of authentik cannot be checked from here: .*nodeTrustCommands/s,
  },
  {
    name: "a node that joined the cluster and that authentik does not know yet",
    config: (lab) => ({ proxmoxNodeAddress: `https://{ip}:${new URL(lab.proxmox.url).port}` }),
    check: "Redirect URIs",
    cluster: "sso",
    says: /does not send people back to https:\/\/127\.0\.0\.1:\d+: .*pulumi refresh/s,
  },
  {
    name: "the second node's clock is ahead",
    plant: (lab) => lab.setClock(120, lab.node2),
    undo: (lab) => lab.setClock(0, lab.node2),
    check: "Clocks",
    cluster: "sso",
    says: /The clock of Proxmox at localhost:\d+ is 1(19|20|21) s ahead/,
  },
  {
    name: "a second cluster that cannot be reached",
    config: inBerlin({ apiUrl: nobody }),
    check: "Proxmox answers",
    cluster: "berlin",
    says: /127\.0\.0\.1:1/,
  },
  {
    name: "a second cluster whose name is not in DNS",
    config: inBerlin({ addresses: ["https://no-such-host.invalid:8006"] }),
    check: "Name of Proxmox",
    cluster: "berlin",
    says: /no-such-host\.invalid does not resolve here/,
  },
  {
    name: "a second cluster whose CA is not given",
    config: inBerlin({ ca: "" }),
    check: "Proxmox answers",
    cluster: "berlin",
    says: /`clusters\.berlin\.ca`/,
  },
  {
    name: "a wrong token of the second cluster",
    config: () => ({ "proxmoxToken-berlin": "root@pam!doctor=11111111-2222-3333-4444-555555555555" }),
    check: "Proxmox token",
    cluster: "berlin",
    says: /config key "pulumi-nodejs:proxmoxToken-berlin"/,
  },
  {
    name: "a second cluster without a token",
    config: inBerlin({}),
    without: ["proxmoxToken-berlin"],
    check: "Configuration",
    says: /pulumi-nodejs:proxmoxToken-berlin is missing/,
  },
  {
    name: "the config claims a later version of the second cluster",
    config: inBerlin({ version: "10.1" }),
    level: "warn",
    check: "Proxmox's version",
    cluster: "berlin",
    says: /clusters\.berlin\.version says 10\.1.*pulumi config set --path clusters\.berlin\.version 9\.2/s,
  },
  {
    name: "a second cluster that is too old for what the config uses",
    beforeUp: true,
    plant: (lab) => lab.startOlder(),
    undo: (lab) => lab.stopOlder(),
    config: (lab) => {
      const { url, caPem } = lab.older?.proxmox ?? { url: nobody, caPem: "" };
      return inBerlin({ addresses: [url], ca: caPem })(lab);
    },
    check: "Proxmox's version",
    cluster: "berlin",
    says: /`clusters\.berlin\.access` needs Proxmox VE 8\.4 or later, and this is 8\.3, .*`members`.*Upgrade it/s,
  },
  {
    name: "a second cluster that is only in the config yet",
    made: { realms: ["sso"] },
    level: "warn",
    check: "Realm",
    cluster: "berlin",
    says: /has not made a realm on this Proxmox yet.*pulumi up/s,
  },
  {
    name: "a proxy of the second cluster's datacenter",
    plant: async (lab) => {
      lab.berlin.node.httpProxy = "http://user:s3cret@proxy.example.com:3128";
    },
    undo: async (lab) => {
      delete lab.berlin.node.httpProxy;
    },
    level: "warn",
    check: "Datacenter proxy",
    cluster: "berlin",
    says: /has the proxy http:\/\/proxy\.example\.com:3128: its nodes connect to authentik.*pvesh set \/cluster\/options --delete http_proxy/s,
  },
];
