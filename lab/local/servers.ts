import { labPaths } from "../../cli/paths";
import type { BackgroundServer } from "./background-server";
import type { ConfigValues } from "./config-values";
import type { LabSecrets } from "./secrets";

export const labPorts = { authentikHttp: 9000, authentikHttps: 9443, proxmox: 8006 } as const;

// Secrets go by the environment, because arguments are shown to everyone on the machine.

export function proxmoxServer(secrets: LabSecrets): BackgroundServer {
  return {
    name: "The Proxmox VE simulator",
    folder: labPaths.proxmox,
    program: "lab/proxmox/main.ts",
    args: ["--port", String(labPorts.proxmox), "--data", labPaths.proxmox, "--trust", labPaths.trust],
    env: { LAB_PROXMOX_ROOT_PASSWORD: secrets.proxmoxRootPassword, LAB_PROXMOX_TOKEN: secrets.proxmoxToken },
    port: labPorts.proxmox,
  };
}

/** Stands in for the whole Docker stack where there is no Docker. */
export function authentikServer(config: ConfigValues): BackgroundServer {
  return {
    name: "The authentik simulator",
    folder: labPaths.authentik,
    program: "lab/authentik/main.ts",
    args: [
      ...["all", "--data", labPaths.authentik],
      ...["--http", String(labPorts.authentikHttp), "--https", String(labPorts.authentikHttps)],
    ],
    env: {
      AUTHENTIK_BOOTSTRAP_PASSWORD: config.authentikBootstrapPassword,
      AUTHENTIK_BOOTSTRAP_TOKEN: config.authentikToken,
      AUTHENTIK_BOOTSTRAP_EMAIL: "root@example.com",
    },
    port: labPorts.authentikHttps,
  };
}
