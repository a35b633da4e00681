import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { hostOf } from "../../../providers/http/host";
import { proxyFor } from "../../../providers/http/proxy";
import { type Check, fail, pass, type Result } from "../check";
import type { Cluster, Subject } from "../subject";

export const authentikNameCheck: Check<Subject> = {
  name: "Name of authentik",
  look: ({ authentik }) => resolveAll([authentik.origin, authentik.connection.url]),
};

/** The host of Proxmox's API. The other checks of this Proxmox need it. */
export const proxmoxNameCheck: Check<Cluster> = {
  name: "Name of Proxmox",
  look: ({ connection }) => resolveAll([connection.url]),
};

export const addressNamesCheck: Check<Cluster> = {
  name: "Names of its addresses",
  look({ addresses, connection }) {
    const api = hostOf(connection.url);
    return resolveAll(addresses.filter((address) => hostOf(address) !== api));
  },
};

async function resolveAll(urls: string[]): Promise<Result[]> {
  // With a proxy in the environment, the proxy resolves the names.
  const direct = urls.filter((url) => proxyFor(url) === undefined);
  const names = new Set(direct.map(hostOf).filter((host) => !isIP(host)));
  return await Promise.all([...names].map(resolve));
}

async function resolve(host: string): Promise<Result> {
  try {
    const found = await lookup(host, { all: true });
    return pass(`${host} is ${found.map(({ address }) => address).join(", ")}`);
  } catch {
    return fail(
      `The name ${host} does not resolve here.`,
      "Check its spelling in the config, and DNS or the hosts file of this machine.",
    );
  }
}
