import { readFileSync } from "node:fs";
import { configSchema } from "../../config/schema";
import type { TrustOptions } from "../../providers/http/tls";
import type { Terminal } from "./ask";
import type { Reached } from "./reach";

/**
 * Asks the person to compare the certificate, as ssh does. Returns the fingerprint to pin. Undefined if this
 * machine trusts the certificate.
 */
export async function askForPin(
  terminal: Terminal,
  { url, unknown }: Reached,
  { flag, whereToLook }: { flag: string; whereToLook: string },
): Promise<TrustOptions> {
  if (unknown === undefined) {
    terminal.skip(flag);
    return {};
  }
  const { fingerprint256 } = unknown;
  terminal.note(
    `No CA that this machine trusts has signed it. Its SHA-256 fingerprint:\n${inLines(fingerprint256)}\n${whereToLook}`,
    `The certificate of ${url}`,
  );
  await terminal.text({
    flag,
    message: "Is it that one? (yes, or the fingerprint to compare)",
    placeholder: "yes",
    check: (answer) => {
      if (answer === "yes" || plain(answer) === plain(fingerprint256)) return;
      throw new Error(`It shows ${fingerprint256}. Type yes if that is right; Ctrl-C ends this.`);
    },
  });
  return { fingerprint: fingerprint256 };
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toLowerCase();
}

/** Half a fingerprint on each line, so no terminal breaks it. */
function inLines(fingerprint: string): string {
  return fingerprint.replace(/^(.{48})/, "$1\n");
}

/** The text of a PEM file. */
export function readCertificate(path: string): string {
  const pem = readFileSync(path, "utf8");
  const { error } = configSchema.shape.proxmoxCa.safeParse(pem);
  if (error) throw new Error(`${path} is not a certificate in PEM format.`);
  return pem;
}
