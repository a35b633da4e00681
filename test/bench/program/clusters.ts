import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { existingAuthentik } from "../../../components/authentikServer";
import { ProxmoxAuthentikSso } from "../../../components/proxmoxAuthentikSso";
import { defaultScopeMappings } from "../../../providers/authentik/oauth2Provider";
import { startedProvider } from "../../../providers/runtime/startedProvider";
import { benchServers } from "../servers-file";

const config = new pulumi.Config();
const { authentik, clusters } = benchServers.parse(
  JSON.parse(readFileSync(config.require("servers"), "utf8")),
);
const access = config.getBoolean("access") && {
  "pve-admins": { "/": "Administrator" },
  "pve-users": { "/vms": "PVEVMUser" },
  "pve-auditors": { "/": "PVEAuditor" },
};
/** A new user has no value for this claim, so the proof logs nobody in. */
const withoutLogin = {
  realm: { usernameClaim: "staff" },
  oauth2: { scopeMappings: defaultScopeMappings },
};
const server = existingAuthentik({ url: authentik }, { provider: startedProvider });

for (const [index, { url, ca }] of clusters.entries()) {
  const number = index + 1;
  new ProxmoxAuthentikSso(
    `cluster-${number}`,
    {
      authentik: server,
      proxmox: { addresses: [url], caCertificate: ca },
      application: {
        name: `Cluster ${number}`,
        slug: `cluster-${number}`,
        ...(number === 1 && { description: config.get("description") ?? "" }),
      },
      ...(access ? { access } : { allowEveryone: true }),
      ...(config.requireBoolean("login") ? {} : withoutLogin),
    },
    { providers: [startedProvider] },
  );
}
