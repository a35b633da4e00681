import { labPaths } from "../paths";
import type { BackgroundServer } from "./background-server";
import type { LabSecrets } from "./secrets";

export const labPorts = { authentikHttp: 9000, authentikHttps: 9443, proxmox: 8006 } as const;

export function proxmoxServer(secrets: LabSecrets): BackgroundServer {
  return {
    name: "The Proxmox VE simulator",
    folder: labPaths.proxmox,
    program: "lab/proxmox/main.ts",
    args: ["--port", String(labPorts.proxmox), "--data", labPaths.proxmox, "--trust", labPaths.trust],
    // In the environment, because arguments are shown to everyone on the machine.
    env: { LAB_PROXMOX_ROOT_PASSWORD: secrets.proxmoxRootPassword, LAB_PROXMOX_TOKEN: secrets.proxmoxToken },
    port: labPorts.proxmox,
  };
}

export function labServers(secrets: LabSecrets): BackgroundServer[] {
  return [proxmoxServer(secrets)];
}
