import { Agent, fetch } from "undici";
import type { RunningProxmox } from "../../lab/proxmox/server";

export interface ApiAnswer {
  status: number;
  reason: string;
  data: unknown;
}

/** Calls a simulator as root's API token, or with other headers. */
export function clientOf(proxmox: RunningProxmox, token: string) {
  const agent = new Agent({ connect: { ca: proxmox.caPem } });
  const asRoot: Record<string, string> = { Authorization: `PVEAPIToken=${token}` };

  async function call(
    method: string,
    path: string,
    parameters?: Record<string, string>,
    headers = asRoot,
  ): Promise<ApiAnswer> {
    const response = await fetch(`${proxmox.url}/api2/json${path}`, {
      method,
      headers,
      body: parameters === undefined ? null : new URLSearchParams(parameters),
      dispatcher: agent,
    });
    const text = await response.text();
    const body: unknown = text === "" ? {} : JSON.parse(text);
    return { status: response.status, reason: response.statusText, data: Object(body).data };
  }

  return { call, close: () => agent.destroy() };
}
