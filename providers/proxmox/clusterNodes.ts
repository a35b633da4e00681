import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { nothingToOwn } from "../core/ownership";
import { DefinedResource } from "../core/resource";
import { parseUrl } from "../http/host";
import type { ClusterNodesArgs } from "./args/clusterNodes";
import type { ProxmoxClient } from "./client";
import { connectProxmox, proxmoxConnection } from "./connection";
import { sorted } from "./names";

const inputs = z.object({
  proxmox: proxmoxConnection,
  /** Address of a node, with `{node}` for its name or `{ip}` for its address: `https://{node}.example.com:8006`. */
  address: z
    .string()
    .trim()
    .refine(
      (template) =>
        isOrigin(template.replace(/\{(node|ip)\}/, "192.0.2.1")) && /\{(node|ip)\}/.test(template),
      "must be an https address without a path that has {node} or {ip}, e.g. https://{node}.example.com:8006",
    ),
});

/** Addresses by node name. */
type Nodes = Record<string, string>;

interface Outputs {
  nodes: Nodes;
  addresses: string[];
}

export const clusterNodesDefinition: ResourceDefinition<typeof inputs, Nodes, Outputs, ProxmoxClient> = {
  type: "proxmox:ClusterNodes",
  title: "list of the Proxmox cluster's nodes",
  inputs,
  ownership: nothingToOwn,
  replaceOn: [],
  secrets: [],
  id: ({ address }) => address,
  connect: ({ proxmox }, credentials) => connectProxmox(proxmox, credentials),
  find: async () => undefined,
  create: (client, wanted) => ask(client, wanted.address, {}),
  async read(client, state) {
    const nodes = await ask(client, state.address, state.nodes);
    reportChanges(state.nodes, nodes);
    return nodes;
  },
  update: (client, current, wanted, changed) =>
    ask(client, wanted.address, changed.has("address") ? {} : current.nodes),
  delete: async () => {},
  observe: () => ({}),
  outputs: (nodes) => ({ nodes, addresses: sorted(Object.values(nodes)) }),
};

/** An offline node reports no IP address, and keeps its last one. Without a last one, the error names the node. */
async function ask(client: ProxmoxClient, template: string, before: Nodes): Promise<Nodes> {
  const found = await addressesByNode(client, template);
  const nodes = found.map(([name, address]) => [name, address ?? before[name]] as const);
  const unknown = nodes.filter(([, address]) => address === undefined).map(([name]) => name);
  if (unknown.length > 0) {
    console.log(
      `Proxmox does not know the IP address of a node that is offline: ${unknown.join(", ")}. Nobody can log in at that ` +
        "address until you run pulumi refresh and pulumi up with the node online.",
    );
  }
  return Object.fromEntries(
    nodes.flatMap(([name, address]) => (address === undefined ? [] : [[name, address]])),
  );
}

async function addressesByNode(
  client: ProxmoxClient,
  template: string,
): Promise<[name: string, address: string | undefined][]> {
  const members = await client.nodes();
  return members
    .map(({ name, ip }): [string, string | undefined] => [name, addressOf(template, name, ip)])
    .sort();
}

/** The addresses of the cluster's current nodes. */
export async function nodeAddresses(client: ProxmoxClient, template: string): Promise<string[]> {
  return (await addressesByNode(client, template)).flatMap(([, address]) => address ?? []);
}

/** Pulumi's refresh does not report changed outputs. */
function reportChanges(before: Nodes, now: Nodes): void {
  const joined = Object.keys(now).filter((node) => before[node] === undefined);
  const left = Object.keys(before).filter((node) => now[node] === undefined);
  if (joined.length > 0) console.log(`New in the cluster: ${joined.join(", ")}. The next up adds them.`);
  if (left.length > 0) console.log(`Gone from the cluster: ${left.join(", ")}. The next up removes them.`);
}

function addressOf(template: string, node: string, ip: string | undefined): string | undefined {
  if (template.includes("{node}")) return new URL(template.replace("{node}", node)).origin;
  if (!ip) return undefined;
  return new URL(template.replace("{ip}", ip.includes(":") ? `[${ip}]` : ip)).origin;
}

function isOrigin(address: string): boolean {
  const url = parseUrl(address);
  return (
    url?.protocol === "https:" &&
    `${url.pathname}${url.search}${url.hash}${url.username}${url.password}` === "/"
  );
}

export type { ClusterNodesArgs };

/** The nodes that a cluster reports. A refresh finds nodes that join later. */
export class ClusterNodes extends DefinedResource<typeof inputs, ClusterNodesArgs> {
  /** Addresses by the node's name. */
  declare readonly nodes: pulumi.Output<Record<string, string>>;
  /** Origins at which people open the nodes, sorted. */
  declare readonly addresses: pulumi.Output<string[]>;

  constructor(name: string, args: ClusterNodesArgs, options?: pulumi.CustomResourceOptions) {
    super(clusterNodesDefinition, ["nodes", "addresses"], name, args, options);
  }
}
