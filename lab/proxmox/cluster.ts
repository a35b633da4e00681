import { text } from "./access/formats";
import type { Call, Method } from "./http/method";

/** A node of the cluster. It has an IP address while it is online. */
export interface Member {
  name: string;
  ip?: string;
}

/** Not recorded, but from pve-manager's API documentation (PVE/API2/Cluster.pm). */
export const clusterMethods: Method[] = [
  {
    verb: "GET",
    path: "/cluster/status",
    parameters: {},
    authorize: ({ permissions, caller }) => permissions.require(caller.subject, "/", "Sys.Audit"),
    run: listMembers,
  },
  { verb: "GET", path: "/cluster/options", parameters: {}, run: readOptions },
  // Readable without permissions (PVE/API2/Certificates.pm).
  {
    verb: "GET",
    path: "/nodes/{node}/certificates/info",
    parameters: { node: text() },
    run: ({ node: { caPem } }) => [{ filename: "pve-root-ca.pem", pem: caPem }, { filename: "pve-ssl.pem" }],
  },
];

/** Some options are readable without permissions. The proxy requires Sys.Audit. */
function readOptions({ node: { httpProxy }, permissions, caller }: Call) {
  const seesAll = permissions.hasAny(caller.subject, "/", ["Sys.Audit"]);
  return { keyboard: "en-us", ...(seesAll && httpProxy !== undefined && { http_proxy: httpProxy }) };
}

function listMembers({ node: { members } }: Call) {
  const nodes = members.map(({ name, ip }, index) => ({
    type: "node",
    id: `node/${name}`,
    name,
    nodeid: index + 1,
    online: ip === undefined ? 0 : 1,
    local: index === 0 ? 1 : 0,
    level: "",
    ...(ip !== undefined && { ip }),
  }));
  const isAlone = nodes.length === 1;
  const cluster = {
    type: "cluster",
    id: "cluster",
    name: "lab",
    nodes: nodes.length,
    quorate: 1,
    version: nodes.length,
  };
  return isAlone ? nodes.map((only) => ({ ...only, nodeid: 0 })) : [cluster, ...nodes];
}
