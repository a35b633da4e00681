import { UserError } from "../core/errors";
import { requirePrintable, tokenIn } from "../http/pasted";

/** `user@realm!name=secret`. The last @ separates the realm. The names follow PVE::JSONSchema. */
const formOfVe = /^[^\s:/]+@[A-Za-z][\w.-]*![A-Za-z][\w.-]*=\S+$/;
/** For the other products, names may start with a digit or `_` (proxmox-auth-api). */
const formOfOtherProducts = /^[^\s:/]+@\w[\w.-]*!\w[\w.-]*:\S+$/;

/** Parses an API token that was pasted. */
export function apiTokenIn(pasted: string, configKey: string): string {
  return requireForm(formOfVe, "=", "Proxmox VE", pasted, configKey);
}

/** Parses an API token of another product. */
export function apiTokenOf(product: string): typeof apiTokenIn {
  return (pasted, configKey) => requireForm(formOfOtherProducts, ":", product, pasted, configKey);
}

function requireForm(form: RegExp, separator: string, product: string, pasted: string, configKey: string) {
  const token = requirePrintable(tokenIn(pasted), configKey);
  if (form.test(token)) return token;
  throw new UserError(
    `The token in config key "${configKey}" is not an API token of ${product}: ${whyNot(token)}. ` +
      `It has the form user@realm!name${separator}secret. Set it with: pulumi config set --secret ${configKey}`,
  );
}

/** The products whose tokens have this form. Undefined if it is no form of a token. */
export function productsOfForm(pasted: string): string | undefined {
  const token = tokenIn(pasted);
  if (formOfOtherProducts.test(token)) return "Proxmox Backup Server and Datacenter Manager";
  return formOfVe.test(token) ? "Proxmox VE" : undefined;
}

function whyNot(token: string): string {
  const products = productsOfForm(token);
  if (products !== undefined) {
    const separator = formOfOtherProducts.test(token) ? "a colon" : "`=`";
    return `${separator} before the secret is the form of ${products}`;
  }
  if (/^[0-9a-f-]{36}$/i.test(token)) return "it is the secret alone";
  return "its form is another one";
}
