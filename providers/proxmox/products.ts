import type { AxiosInstance } from "axios";
import type { productNames } from "../accessControl/products";
import { UserError } from "../core/errors";

/** Proxmox's products, by the type of their built-in realm. */
const productOfRealm: Readonly<Record<string, string>> = {
  pve: "Proxmox VE",
  pbs: "Proxmox Backup Server",
  pdm: "Proxmox Datacenter Manager",
  pmg: "Proxmox Mail Gateway",
};
const titles = /Proxmox (Backup Server|Datacenter Manager|Mail Gateway|Virtual Environment)/;
export const proxmoxVe = "Proxmox VE";
const probe = { timeout: 10_000, validateStatus: () => true, "axios-retry": { retries: 0 } };

/** Which product answers instead of the expected one, according to its public pages. Undefined if unknown. */
export async function otherProduct(http: AxiosInstance, expected: string): Promise<string | undefined> {
  const byRealms = productIn(await dataOf(http, "/api2/json/access/domains"));
  const [byTitle] = byRealms === undefined ? (titles.exec(await pageOf(http)) ?? []) : [];
  const product = byRealms ?? byTitle?.replace("Virtual Environment", "VE");
  return product === expected ? undefined : product;
}

/** Recognizes the product by its list of realms. Each product has a realm type of its own (recorded). */
export function productIn(realms: unknown): string | undefined {
  const types: unknown[] = Array.isArray(realms) ? realms.map((realm) => Object(realm).type) : [];
  const type = types.find((type) => typeof type === "string" && Object.hasOwn(productOfRealm, type));
  return typeof type === "string" ? productOfRealm[type] : undefined;
}

const addresses: Readonly<Record<string, string>> = {
  [proxmoxVe]: "a Proxmox VE node, https://<node>:8006",
  "Proxmox Backup Server": "the Backup Server, https://<host>:8007",
  "Proxmox Datacenter Manager": "the Datacenter Manager, https://<host>:8443",
};

/** The value of `product` in an entry of `clusters`. Undefined for a product that has none. */
export function inConfig(product: string): (typeof productNames)[number] | undefined {
  return valuesInConfig.get(product);
}

const valuesInConfig = new Map<string, (typeof productNames)[number]>([
  [proxmoxVe, "ve"],
  ["Proxmox Backup Server", "backup"],
  ["Proxmox Datacenter Manager", "datacenter-manager"],
]);

export function isAnotherProduct(product: string, url: string, expected: string): UserError {
  const key = inConfig(product);
  const or = key === undefined ? "" : `, or set \`product: ${key}\` in its entry of \`clusters\``;
  return new UserError(
    `${url} is the address of ${product}, not of ${expected}. Give the address of ${addresses[expected]}${or}.`,
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
