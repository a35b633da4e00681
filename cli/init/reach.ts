import type { X509Certificate } from "node:crypto";
import type { productNames } from "../../providers/accessControl/products";
import { UserError } from "../../providers/core/errors";
import { hostOf } from "../../providers/http/host";
import { proxyFor } from "../../providers/http/proxy";
import type { TrustOptions } from "../../providers/http/tls";
import { inConfig, proxmoxVe } from "../../providers/proxmox/products";
import { greet } from "../doctor/greet";
import { certificateAt } from "../system/certificate-at";
import { resolves } from "../system/resolves";

/** A server that answers, and how its certificate is verified. */
export interface Reached {
  readonly url: string;
  /** The server's certificate, if this machine does not trust it. */
  readonly unknown: X509Certificate | undefined;
}

interface Server {
  readonly name: string;
  readonly url: string;
  /** A path that needs no credential. */
  readonly path: string;
  /** Whether the status is one of the right server. */
  readonly isRight: (status: number) => boolean;
  readonly otherwise: string;
}

export interface ReachedProxmox extends Reached {
  readonly product: (typeof productNames)[number];
}

/** The list of realms of the login page names the product. */
export async function reachProxmox(url: string): Promise<ReachedProxmox> {
  const { product: name = proxmoxVe, ...reached } = await reach({
    name: "Proxmox",
    url,
    path: "/api2/json/access/domains",
    isRight: (status) => status === 200,
    otherwise: "it is not Proxmox's API, which has port 8006",
  });
  const product = inConfig(name);
  if (product !== undefined) return { ...reached, product };
  throw new UserError(
    `${url} is ${name}, which this program does not support. It supports Proxmox VE, Backup Server and Datacenter Manager.`,
  );
}

export async function reachAuthentik(url: string): Promise<Reached> {
  return await reach({
    name: "authentik",
    url,
    path: "/-/health/ready/",
    isRight: (status) => status === 200 || status === 204,
    otherwise: "no authentik is ready there",
  });
}

async function reach(server: Server): Promise<Reached & { product: string | undefined }> {
  const { name, url, path, isRight, otherwise } = server;
  await requireName(url);
  const look = (trust: TrustOptions) => greet({ ...trust, name, url, path, caKey: "" });
  const known = await look({}).catch(() => undefined);
  const unknown = known === undefined && url.startsWith("https:") ? await shownBy(url, name) : undefined;
  const { status, product } = known ?? (await look(unknown ? { fingerprint: unknown.fingerprint256 } : {}));
  if (!isRight(status)) throw new UserError(`${url} answers ${status}: ${otherwise}.`);
  return { url, unknown, product };
}

async function requireName(url: string): Promise<void> {
  // With a proxy in the environment, the proxy resolves the names.
  if (proxyFor(url) !== undefined || (await resolves(hostOf(url)))) return;
  throw new UserError(`The name ${hostOf(url)} cannot be resolved here.`);
}

async function shownBy(url: string, name: string): Promise<X509Certificate> {
  try {
    return await certificateAt(url);
  } catch (error) {
    const reason = error instanceof Error ? error.message || String(error) : String(error);
    throw new UserError(`${name} does not answer at ${url}: ${reason}. Check address, port and firewall.`);
  }
}
