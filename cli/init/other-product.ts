import { credentialKeysOf } from "../../config/clusters";
import { AccessControlClient } from "../../providers/accessControl/client";
import type { Product } from "../../providers/accessControl/product";
import { type OtherProduct, otherProducts } from "../../providers/accessControl/products";
import { UserError } from "../../providers/core/errors";
import { apiTokenOf, productsOfForm } from "../../providers/proxmox/token";
import type { Terminal } from "./ask";
import type { Reached } from "./reach";
import { askForPin } from "./trust";
import { nothing, type Values } from "./values";

/** A Backup Server or Datacenter Manager that answers, with a credential that it has accepted. */
export interface AskedOther {
  readonly product: OtherProduct;
  readonly values: Values;
  readonly client: AccessControlClient;
  /** Whether it is root's login. It then creates the token for the config. */
  readonly isRoot: boolean;
  readonly tokenKey: string;
}

/** @param name its entry in `clusters` */
export async function askForOther(
  terminal: Terminal,
  product: OtherProduct,
  reached: Reached,
  name: string,
): Promise<AskedOther> {
  const server = otherProducts[product];
  const { url } = reached;
  const trust = await askForPin(terminal, reached, {
    flag: `proxmox-${name}-fingerprint`,
    whereToLook: `The page Configuration > Certificates of the ${server.shortName} has it.`,
  });
  const clientWith = (answer: string) =>
    new AccessControlClient(server, { url, ...trust, credential: credentialOf(answer, server) });
  const answer = await terminal.secret({
    flag: `proxmox-${name}-credential`,
    message: `root's password on the ${server.shortName}, to make an API token (it is not kept); or a token that you have, as user@realm!name:secret?`,
    check: (given) => requireAccepted(clientWith(given), !isToken(given)),
  });
  const isRoot = !isToken(answer);
  const { tokenKey } = credentialKeysOf(name);
  const at = (option: string) => `clusters.${name}.${option}`;
  const plain = {
    [at("product")]: product,
    [at("addresses[0]")]: url,
    ...(trust.fingerprint !== undefined && { [at("fingerprint")]: trust.fingerprint }),
  };
  const values = { ...nothing, plain, secret: isRoot ? {} : { [tokenKey]: answer } };
  return { product, values, client: clientWith(answer), isRoot, tokenKey };
}

function isToken(answer: string): boolean {
  return productsOfForm(answer) !== undefined;
}

function credentialOf(answer: string, { name }: Product) {
  const configKey = "the token";
  return isToken(answer)
    ? { token: apiTokenOf(name)(answer, configKey), configKey }
    : { username: "root@pam", password: answer, configKey };
}

/** root may do everything. A token needs its privileges for any access. */
async function requireAccepted(client: AccessControlClient, isRoot: boolean): Promise<void> {
  const { name, needs } = client.product;
  try {
    await client.version();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (/refuses the login/.test(said)) throw new Error(`${name} refuses this password of root@pam.`);
    if (/refuses the API token/.test(said)) throw new Error(`${name} refuses this API token.`);
    throw error;
  }
  if (isRoot) return;
  const may = await Promise.all(needs.map(({ privilege, path }) => client.may(privilege, path)));
  const missing = needs
    .filter((_, index) => !may[index])
    .map(({ privilege, path }) => `${privilege} on ${path}`);
  if (missing.length === 0) return;
  throw new UserError(`The API token lacks ${missing.join(", ")}. ${client.whatItNeeds}`);
}
