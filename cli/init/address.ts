import { isIP } from "node:net";
import { redirectUriOf } from "../../components/model/addresses";
import { otherProducts } from "../../providers/accessControl/products";
import { type ReachedProxmox, reachProxmox } from "./reach";

const portOfVe = 8006;

/** The addresses in an answer, which commas separate. There is at least one. */
export function typedIn(list: string): string[] {
  const addresses = list
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
  if (addresses.length === 0) throw new Error("This is needed: an address.");
  return addresses;
}

/** The address that people type, or copy from the browser. A host name is enough. */
export function proxmoxAddress(typed: string, port = portOfVe): string {
  // Proxmox's page adds what it shows to the address: https://pve1.example.com:8006/#v1:0:18
  const host = typed
    .trim()
    .replace(/[?#].*$/s, "")
    .replace(/\/+$/, "");
  if (host.includes("://")) return redirectUriOf(host);
  const bracketed = isIP(host) === 6 ? `[${host}]` : host;
  return redirectUriOf(`https://${/:\d+$/.test(bracketed) ? bracketed : `${bracketed}:${port}`}`);
}

/** The product that answers at the address. A host name without a port can be any product, Proxmox VE first. */
export async function findProxmox(typed: string, reachAt = reachProxmox): Promise<ReachedProxmox> {
  const url = proxmoxAddress(typed);
  const others = Object.values(otherProducts).map(({ port }) => proxmoxAddress(typed, port));
  try {
    return await reachAt(url);
  } catch (error) {
    const tried = await Promise.allSettled(
      [...new Set(others)].filter((one) => one !== url).map((one) => reachAt(one)),
    );
    for (const one of tried) if (one.status === "fulfilled") return one.value;
    throw error;
  }
}
