import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { labDir, labPaths } from "../../cli/paths";
import { credentialKeysOf } from "../../config/clusters";
import { type OtherProduct, otherProducts } from "../../providers/accessControl/products";
import type { BackgroundServer } from "./background-server";
import type { WantedValue } from "./config-values";
import { type LabPlace, otherPorts, placeOfLab } from "./place";
import { ensureLabSecrets, ensureOtherToken } from "./secrets";

/** The Backup Server and the Datacenter Manager of a lab that was started with `--all`. */
export function productsOf(place: LabPlace = placeOfLab()): OtherProduct[] {
  return otherPorts.filter((product) => place[product] !== undefined);
}

export async function otherServers(): Promise<BackgroundServer[]> {
  const { proxmoxRootPassword } = await ensureLabSecrets();
  return await Promise.all(
    productsOf().map(async (product) => {
      const port = placeOfLab()[product] ?? otherProducts[product].port;
      return {
        name: `The ${otherProducts[product].shortName} simulator`,
        folder: folderOf(product),
        program: "lab/access-control/main.ts",
        args: [
          ...["--product", product, "--port", String(port)],
          ...["--data", folderOf(product), "--trust", labPaths.trust],
        ],
        env: { LAB_ROOT_PASSWORD: proxmoxRootPassword, LAB_TOKEN: await ensureOtherToken(product) },
        port,
      };
    }),
  );
}

function folderOf(product: OtherProduct): string {
  return join(labDir, product);
}

/** Their entries of `clusters`, and their tokens. The group of akadmin administers them, too. */
export async function configOfOthers(): Promise<WantedValue[]> {
  const place = placeOfLab();
  const entries = await Promise.all(
    productsOf(place).map(async (product) => [
      product,
      {
        product,
        addresses: [`https://localhost:${place[product]}`],
        ca: await readFile(join(folderOf(product), "pve-root-ca.pem"), "utf8"),
        access: { "authentik Admins": { "/": otherProducts[product].adminRole } },
      },
    ]),
  );
  if (entries.length === 0) return [];
  const tokens = await Promise.all(
    productsOf(place).map(async (product) => ({
      key: `pulumi-nodejs:${credentialKeysOf(product).tokenKey}`,
      value: await ensureOtherToken(product),
      secret: true,
    })),
  );
  return [{ key: "clusters", value: JSON.stringify(Object.fromEntries(entries)), secret: false }, ...tokens];
}
