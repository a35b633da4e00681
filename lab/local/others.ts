import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { labDir, labPaths } from "../../cli/paths";
import { asArguments } from "../../cli/takeover/config";
import { credentialKeysOf } from "../../config/clusters";
import { type OtherProduct, otherProducts } from "../../providers/accessControl/products";
import type { BackgroundServer } from "./background-server";
import type { WantedValue } from "./config-values";
import { type LabPlace, otherPorts, placeOfLab } from "./place";
import type { LabPulumi } from "./pulumi";
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

/** Their tokens, for the stack's config. */
export function tokensOfOthers(): Promise<WantedValue[]> {
  return Promise.all(
    productsOf().map(async (product) => ({
      key: credentialKeysOf(product).tokenKey,
      value: await ensureOtherToken(product),
      secret: true,
    })),
  );
}

/** Sets their entries of `clusters`. akadmin's group administers them, too. */
export async function configureOthers(pulumi: LabPulumi, current: string | undefined): Promise<void> {
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
  const clusters = Object.fromEntries(entries);
  if (entries.length === 0 || isDeepStrictEqual(JSON.parse(current ?? "{}"), clusters)) return;
  await pulumi.capture(["config", "set-all", ...asArguments({ clusters })]);
}
