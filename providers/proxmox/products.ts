import type { AxiosInstance } from "axios";
import { UserError } from "../core/errors";

/** Proxmox's other products, by the type of their built-in realm. */
const productOfRealm: Readonly<Record<string, string>> = {
  pbs: "Proxmox Backup Server",
  pdm: "Proxmox Datacenter Manager",
  pmg: "Proxmox Mail Gateway",
};
const titles = /Proxmox (Backup Server|Datacenter Manager|Mail Gateway)/;
const probe = { timeout: 10_000, validateStatus: () => true, "axios-retry": { retries: 0 } };

/** Which other Proxmox product answers, according to its public pages. Undefined if unknown. */
export async function otherProduct(http: AxiosInstance): Promise<string | undefined> {
  return productIn(await dataOf(http, "/api2/json/access/domains")) ?? titles.exec(await pageOf(http))?.[0];
}

/** Recognizes the product by its list of realms. Each product has a realm type of its own (recorded). */
export function productIn(realms: unknown): string | undefined {
  const types: unknown[] = Array.isArray(realms) ? realms.map((realm) => Object(realm).type) : [];
  const type = types.find((type) => typeof type === "string" && Object.hasOwn(productOfRealm, type));
  return typeof type === "string" ? productOfRealm[type] : undefined;
}

export function isAnotherProduct(product: string, url: string): UserError {
  return new UserError(
    `What answers at ${url} is ${product}, and this program sets up Proxmox VE. Give the address of a Proxmox VE node, https://<node>:8006.`,
  );
}

async function dataOf(http: AxiosInstance, url: string): Promise<unknown> {
  return Object(await bodyOf(http, url)).data;
}

async function pageOf(http: AxiosInstance): Promise<string> {
  return String(await bodyOf(http, "/"));
}

/** The result only explains another failure, so errors here are ignored. */
async function bodyOf(http: AxiosInstance, url: string): Promise<unknown> {
  try {
    return (await http.get<unknown>(url, probe)).data;
  } catch {
    return undefined;
  }
}
