/** Shorter values would blank out ordinary words. */
const shortestSecret = 8;

/** Replaces every secret in a text, in plain, base64 and URL-encoded form. */
export function redact(text: string, secrets: Iterable<unknown>): string {
  let result = text;
  for (const secret of secrets) {
    if (typeof secret !== "string" || secret.length < shortestSecret) continue;
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")]) {
      result = result.replaceAll(form, "[secret]");
    }
  }
  return result;
}
