/** Shorter values could match ordinary words. */
const shortestSecret = 8;

/** Replaces every secret in a text: as plain text, base64, URL-encoded and form-encoded. */
export function redact(text: string, secrets: Iterable<unknown>): string {
  let result = text;
  for (const form of [...secrets].flatMap(formsOf).sort(longestFirst)) {
    result = result.replaceAll(form, "[secret]");
  }
  return result;
}

function formsOf(secret: unknown): string[] {
  if (typeof secret !== "string" || secret.length < shortestSecret) return [];
  const form = new URLSearchParams([["", secret]]).toString().slice(1);
  return [secret, encodeURIComponent(secret), form, Buffer.from(secret).toString("base64")];
}

/** A secret may be the prefix of another one. */
function longestFirst(a: string, b: string): number {
  return b.length - a.length;
}
