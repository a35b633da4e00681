import { backupServer } from "../backupServer/product";
import { datacenterManager } from "../datacenterManager/product";
import type { Product } from "./product";

/** Proxmox's products other than VE, by their names in the configuration. */
export const otherProducts = {
  backup: backupServer,
  "datacenter-manager": datacenterManager,
} as const satisfies Record<string, Product>;

export type OtherProduct = keyof typeof otherProducts;

export const productNames = ["ve", "backup", "datacenter-manager"] as const;

export function isOtherProduct(name: unknown): name is OtherProduct {
  return typeof name === "string" && Object.hasOwn(otherProducts, name);
}
