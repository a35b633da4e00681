import { labPaths } from "../../cli/paths";
import type { BackgroundServer } from "./background-server";
import type { ConfigValues } from "./config-values";
import { placeOfLab } from "./place";
import type { LabSecrets } from "./secrets";

// Secrets are in the environment, because every user of the machine can see arguments.

export function proxmoxServer(secrets: LabSecrets): BackgroundServer {
  const { proxmox: port } = placeOfLab();
  return {
    name: "The Proxmox VE simulator",
    folder: labPaths.proxmox,
    program: "lab/proxmox/main.ts",
    args: ["--port", String(port), "--data", labPaths.proxmox, "--trust", labPaths.trust],
    env: { LAB_PROXMOX_ROOT_PASSWORD: secrets.proxmoxRootPassword, LAB_PROXMOX_TOKEN: secrets.proxmoxToken },
    port,
  };
}

/** Replaces the Docker stack on a machine without Docker. */
export function authentikServer(config: ConfigValues): BackgroundServer {
  const { authentikHttp, authentikHttps } = placeOfLab();
  return {
    name: "The authentik simulator",
    folder: labPaths.authentik,
    program: "lab/authentik/main.ts",
    args: [
      ...["all", "--data", labPaths.authentik],
      ...["--http", String(authentikHttp), "--https", String(authentikHttps)],
    ],
    env: {
      AUTHENTIK_BOOTSTRAP_PASSWORD: config.authentikBootstrapPassword,
      AUTHENTIK_BOOTSTRAP_TOKEN: config.authentikToken,
      AUTHENTIK_BOOTSTRAP_EMAIL: "root@example.com",
    },
    port: authentikHttps,
  };
}
