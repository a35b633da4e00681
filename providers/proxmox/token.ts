import { UserError } from "../core/errors";
import { requirePrintable, tokenIn } from "../http/pasted";

/** `user@realm!name=secret`. The last @ separates the realm. The names follow PVE::JSONSchema. */
const form = /^[^\s:/]+@[A-Za-z][\w.-]*![A-Za-z][\w.-]*=\S+$/;
const formOfOtherProducts = /^[^\s:/]+@[A-Za-z][\w.-]*![A-Za-z][\w.-]*:\S+$/;

/** Parses an API token that was pasted. */
export function apiTokenIn(pasted: string, configKey: string): string {
  const token = requirePrintable(tokenIn(pasted), configKey);
  if (form.test(token)) return token;
  throw new UserError(
    `The token in config key "${configKey}" is no API token of Proxmox VE: ${whyNot(token)}. ` +
      `It has the form user@realm!name=secret. Set it with: pulumi config set --secret ${configKey}`,
  );
}

function whyNot(token: string): string {
  if (formOfOtherProducts.test(token)) {
    return "a colon before the secret is the form of Proxmox Backup Server and Datacenter Manager";
  }
  if (/^[0-9a-f-]{36}$/i.test(token)) return "it is the secret alone";
  return "its form is another one";
}
