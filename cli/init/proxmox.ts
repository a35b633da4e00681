import { isIP } from "node:net";
import { redirectUriOf } from "../../components/model/addresses";
import { credentialKeysOf } from "../../config/clusters";
import { isOlder } from "../../providers/core/versions";
import { hostOf } from "../../providers/http/host";
import { tokenIn } from "../../providers/http/pasted";
import { ProxmoxClient } from "../../providers/proxmox/client";
import { apiTokenIn, productsOfForm } from "../../providers/proxmox/token";
import type { ClusterMember } from "../../providers/proxmox/wire";
import { resolves } from "../system/resolves";
import { proxmoxAddress, typedIn } from "./address";
import type { Terminal } from "./ask";
import { clusterCa, unlessRefused } from "./cluster-ca";
import type { Reached } from "./reach";
import { askForPin } from "./trust";
import { nothing, type Values } from "./values";

/** A Proxmox that answers, with a credential that it has accepted. */
export interface AskedProxmox {
  readonly values: Values;
  readonly client: ProxmoxClient;
  /** Whether it is root's login. It then creates the token for the config. */
  readonly isRoot: boolean;
  readonly tokenKey: string;
  /** Config values with which this run connects to the server. */
  readonly forNow: Values;
}

/** With several clusters, the names of flags and config keys contain the cluster's name. */
function keysOf(cluster: string | undefined) {
  const at = (option: string) => `clusters.${cluster}.${option}`;
  const flag = (name: string) => (cluster === undefined ? `proxmox${name}` : `proxmox-${cluster}${name}`);
  return cluster === undefined
    ? {
        flag,
        addresses: "proxmoxAddresses",
        ca: "proxmoxCa",
        pin: "proxmoxFingerprint",
        token: "proxmoxToken",
      }
    : {
        flag,
        addresses: at("addresses"),
        ca: at("ca"),
        pin: at("fingerprint"),
        token: credentialKeysOf(cluster).tokenKey,
      };
}

/** @param cluster name of its entry in `clusters`, if it has one */
export async function askForProxmox(
  terminal: Terminal,
  reached: Reached,
  cluster?: string,
): Promise<AskedProxmox> {
  const keys = keysOf(cluster);
  const { url } = reached;
  const trust = await askForPin(terminal, reached, {
    flag: keys.flag("-fingerprint"),
    whereToLook: "The node's page System > Certificates has it, at pve-ssl.pem or pveproxy-ssl.pem.",
  });
  const clientWith = (answer: string) =>
    new ProxmoxClient({ url, ...trust, credential: credentialOf(answer) });
  const typed = await terminal.secret({
    flag: keys.flag("-credential"),
    message:
      "root's password there, to make an API token (it is not kept); or a token that you have, as user@realm!name=value?",
    check: (given) => requireAccepted(clientWith(given)),
  });
  const isRoot = !isToken(typed);
  const answer = isRoot ? typed : tokenIn(typed);
  const client = clientWith(answer);
  const members = await unlessRefused(client.nodes());
  const names = members?.map(({ name }) => name) ?? [new URL(url).hostname.split(".")[0] ?? ""];
  const ca = reached.unknown && (await clusterCa(client, reached.unknown, names));
  const addresses = await askForAddresses(terminal, keys.flag("-addresses"), url, members ?? []);
  const plain = {
    ...Object.fromEntries(addresses.map((address, index) => [`${keys.addresses}[${index}]`, address])),
    ...(ca !== undefined && { [keys.ca]: ca }),
    // The cluster's CA did not sign this certificate, so the fingerprint is pinned.
    ...(ca === undefined && trust.fingerprint !== undefined && { [keys.pin]: trust.fingerprint }),
  };
  const values = { ...nothing, plain, secret: isRoot ? {} : { [keys.token]: answer } };
  const asRoot = { plain: { proxmoxUsername: "root@pam" }, secret: { proxmoxPassword: answer }, made: [] };
  return { values, client, isRoot, tokenKey: keys.token, forNow: isRoot ? asRoot : nothing };
}

function isToken(answer: string): boolean {
  return productsOfForm(answer) !== undefined;
}

function credentialOf(answer: string) {
  return isToken(answer)
    ? { token: apiTokenIn(answer, "proxmoxToken"), configKey: "proxmoxToken" }
    : { username: "root@pam", password: answer, configKey: "proxmoxPassword" };
}

async function requireAccepted(client: ProxmoxClient): Promise<void> {
  let version = "";
  try {
    version = await client.version();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (/refuses the login/.test(said)) throw new Error("Proxmox refuses this password of root@pam.");
    if (/refuses the API token/.test(said)) throw new Error("Proxmox refuses this API token.");
    throw error;
  }
  if (isOlder(version, "7.0.0")) {
    throw new Error(`Proxmox VE ${version} has no OpenID realms: 7.0 is the first version with them.`);
  }
}

/** Asked only if there are several: the addresses of the cluster's nodes, as far as they are known. */
async function askForAddresses(
  terminal: Terminal,
  flag: string,
  url: string,
  members: readonly ClusterMember[],
): Promise<string[]> {
  const found = addressesOf(url, members);
  if (found.length === 1 && !terminal.hasFlag(flag)) return found;
  const unresolved: string[] = [];
  for (const address of found) {
    const host = hostOf(address);
    if (!(await resolves(host))) unresolved.push(host);
  }
  if (unresolved.length > 0) {
    terminal.note(
      `${unresolved.join(", ")}: correct them, or leave them out where nobody opens them.`,
      "Cannot be resolved here",
    );
  }
  const list = await terminal.text({
    flag,
    message: "Every address at which people open this Proxmox, with commas between them?",
    suggestion: found.join(", "),
    check: (answer) => addressesIn(answer),
  });
  return addressesIn(list);
}

export function addressesOf(url: string, members: readonly ClusterMember[]): string[] {
  const { port } = new URL(url);
  const hostname = hostOf(url);
  const [, ...domain] = hostname.split(".");
  const at = (host: string) =>
    redirectUriOf(`https://${isIP(host) === 6 ? `[${host}]` : host}:${port || 443}`);
  const others = members.flatMap(({ name, ip }) => {
    if (isIP(hostname)) return ip === undefined ? [] : [at(ip)];
    return [at([name, ...domain].join("."))];
  });
  return members.length > 1 ? [...new Set([url, ...others])] : [url];
}

function addressesIn(list: string): string[] {
  return typedIn(list).map((address) => proxmoxAddress(address));
}
