import { readFileSync } from "node:fs";
import { configSchema } from "../../config/schema";
import { certificateAt } from "../certificate-at";
import type { Terminal } from "./ask";

/** How a Proxmox API is known to be the right one: by a CA, by its own certificate, or by a public CA. */
export interface Trust {
  readonly ca?: string;
  readonly fingerprint?: string;
}

export async function askForTrust(terminal: Terminal, address: string): Promise<Trust> {
  const kind = await terminal.choose("How is Proxmox's certificate known?", {
    ca: "by its own CA: I have /etc/pve/pve-root-ca.pem here",
    pin: "by its fingerprint: show it to me",
    public: "it is from a public CA",
  });
  if (kind === "public") return {};
  if (kind === "ca") return { ca: await askForCa(terminal, "Path of that file?", false) };
  const { fingerprint256 } = await certificateAt(address);
  const isRight = await terminal.confirm(
    `${address} has the SHA-256 fingerprint ${fingerprint256}. Is it the one of the node's page System > Certificates?`,
    false,
  );
  return isRight ? { fingerprint: fingerprint256 } : await askForTrust(terminal, address);
}

/** The text of a PEM file; empty where none is named. */
export async function askForCa(terminal: Terminal, message: string, optional = true): Promise<string> {
  const path = await terminal.text({ message, optional, check: readCertificate });
  return path === "" ? "" : readCertificate(path);
}

function readCertificate(path: string): string {
  const pem = readFileSync(path, "utf8");
  const { error } = configSchema.shape.proxmoxCa.safeParse(pem);
  if (error) throw new Error(`${path} is no PEM of a certificate.`);
  return pem;
}
