import { UserError } from "../core/errors";

const quoted = /^(["'`])(.*)\1$/;
const headerName = /^authorization\s*:\s*/i;
const scheme = /^(?:bearer\s+|P(?:VE|BS|DM)APIToken\s*=\s*)/i;

/** The token without line breaks, quotes and the name of an HTTP header that were pasted with it. */
export function tokenIn(pasted: string): string {
  let text = pasted.replace(/\s*[\r\n]\s*/g, "").trim();
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(quoted, "$2").replace(headerName, "").replace(scheme, "").trim();
  }
  return text;
}

/** @throws UserError if an HTTP header cannot contain the token */
export function requirePrintable(token: string, configKey: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new UserError(
    `The token in config key "${configKey}" has a space or a character that no token has. ` +
      `Copy it again, then set it with: pulumi config set --secret ${configKey}`,
  );
}
