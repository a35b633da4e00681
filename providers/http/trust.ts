import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import tls, { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { z } from "zod";
import { certificatesIn } from "./pem";

/** Files with the certificates that operating systems trust, from Go's crypto/x509, which Pulumi uses. */
const bundles = [
  "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Arch, Alpine
  "/etc/pki/tls/certs/ca-bundle.crt", // Fedora, Red Hat
  "/etc/ssl/ca-bundle.pem", // openSUSE
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem", // macOS, the BSDs
];

const contexts = new Map<string, SecureContext>();

/**
 * Trusts the public CAs, those of the operating system, those of `NODE_EXTRA_CA_CERTS`, and the given one. Cached for
 * each given CA, because reading them takes longer than a connection.
 */
export function trusting(caCertificate: string | undefined): SecureContext {
  const key = JSON.stringify([caCertificate, process.env.SSL_CERT_FILE, process.env.NODE_EXTRA_CA_CERTS]);
  const known = contexts.get(key);
  if (known) return known;
  const given = certificatesIn(caCertificate ?? "");
  const context = createSecureContext({
    ca: [...rootCertificates, ...trustedByThisMachine(), ...given],
    minVersion: "TLSv1.2",
    // As in curl: an intermediate CA is enough, without the root that issued it.
    allowPartialTrustChain: true,
  });
  contexts.set(key, context);
  return context;
}

/** The valid certificates that this machine trusts in addition to the public ones. */
export function trustedByThisMachine(): string[] {
  const publicOnes = new Set(rootCertificates.map(withoutSpace));
  const found = new Map(
    [...nodeKnows("system", systemBundle), ...nodeKnows("extra", extraFile)].map((pem) => [
      withoutSpace(pem),
      pem,
    ]),
  );
  return [...found].filter(([text, pem]) => !publicOnes.has(text) && isReadable(pem)).map(([, pem]) => pem);
}

/** Node can list them since 22.15. Older versions read the file. */
function nodeKnows(kind: "system" | "extra", file: () => string | undefined): string[] {
  const ask: unknown = Reflect.get(tls, "getCACertificates");
  if (typeof ask === "function") return z.array(z.string()).parse(ask(kind));
  const path = file();
  return path === undefined ? [] : certificatesOf(path);
}

function systemBundle(): string | undefined {
  return process.env.SSL_CERT_FILE || bundles.find((path) => existsSync(path));
}

function extraFile(): string | undefined {
  return process.env.NODE_EXTRA_CA_CERTS || undefined;
}

function certificatesOf(path: string): string[] {
  try {
    return certificatesIn(readFileSync(path, "latin1"));
  } catch {
    // A missing file adds nothing, as in Node, OpenSSL and curl.
    return [];
  }
}

/** One damaged certificate would make all others unusable. */
function isReadable(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function withoutSpace(pem: string): string {
  return pem.replace(/\s/g, "");
}
