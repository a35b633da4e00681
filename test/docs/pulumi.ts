import { accessSchema } from "../../components/access/declaration";
import { configKey, configSchema, secretKeys } from "../../config/schema";
import { backupServer } from "../../providers/backupServer/product";
import { credentialKey } from "../../providers/core/credentials";
import { datacenterManager } from "../../providers/datacenterManager/product";
import { timeoutKey } from "../../providers/http/timeout";
import type { CommandLine } from "./commands";

const names = new Map(Object.keys(configSchema.shape).map((key) => [configKey(key), key]));
const secrets: readonly string[] = secretKeys.map(configKey);

/** Of programs that use the resources of other products. */
export const libraryKeys: readonly string[] = [backupServer, datacenterManager].map(({ tokenConfigKey }) =>
  credentialKey(tokenConfigKey),
);

/** Mistakes in a `pulumi config set`, `get` or `rm` of this project. */
export function mistakesIn(command: CommandLine): string[] {
  const [, , verb = "", ...rest] = command;
  const options = rest.filter((word) => word.startsWith("--"));
  const [path = "", value] = rest.filter((word) => !word.startsWith("--"));
  // The key of one of several clusters.
  const [key = ""] = path.replace(/^(pulumi-nodejs:proxmox(Token|Password))-.*/, "$1").split(/[.[]/);
  if (key === timeoutKey || libraryKeys.includes(key) || path === "" || path.startsWith("<")) return [];
  const name = names.get(key);
  if (name === undefined) return [`${key}: no such config key`];
  if (verb !== "set") return [];
  // Its variables may or may not be secrets.
  const mistakes =
    options.includes("--secret") === secrets.includes(key) || key === "authentikEnvironment"
      ? []
      : [`${key}: --secret is for secrets, and for all of them`];
  const isPlaceholder = value === undefined || value.startsWith("<") || value.endsWith("…");
  return isPlaceholder ? mistakes : [...mistakes, ...mistakesInValue(name, path, value)];
}

function mistakesInValue(name: string, path: string, value: string): string[] {
  const nested = segmentsOf(path).reduceRight<unknown>(
    (inner, segment) => (/^\d+$/.test(segment) ? [inner] : { [segment]: inner }),
    value,
  );
  const schema = name === "access" ? accessSchema : new Map(Object.entries(configSchema.shape)).get(name);
  return schema?.safeParse(nested).error?.issues.map(({ message }) => `${path}: ${message}`) ?? [];
}

/** The path `access["pve-admins"]["/"]` without the key. The shell has removed the quotes. */
function segmentsOf(path: string): string[] {
  return [...path.matchAll(/\[([^\]]+)\]|\.([\w-]+)/g)].map(
    ([, inBrackets, afterDot]) => inBrackets ?? afterDot ?? "",
  );
}
