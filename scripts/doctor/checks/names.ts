import { lookup } from "node:dns/promises";
import { type Check, fail, pass, type Result } from "../check";
import type { Cluster, Subject } from "../subject";

export const authentikNameCheck: Check<Subject> = {
  name: "Name of authentik",
  look: ({ authentik }) => resolveAll([authentik.origin, authentik.connection.url]),
};

export const proxmoxNameCheck: Check<Cluster> = {
  name: "Name of Proxmox",
  look: ({ addresses, connection }) => resolveAll([...addresses, connection.url]),
};

async function resolveAll(urls: string[]): Promise<Result[]> {
  const hosts = new Set(urls.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, "")));
  return await Promise.all([...hosts].map(resolve));
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
