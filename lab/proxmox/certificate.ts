import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { md, pki } from "node-forge";
import { writePrivately } from "../../cli/system/private-file";

export interface NodeCertificate {
  caPem: string;
  certPem: string;
  keyPem: string;
}

/** The node's certificate and the cluster's CA. The directory keeps them across restarts. */
export function nodeCertificate(folder: string | undefined, host: string): NodeCertificate {
  if (folder === undefined) return issueInMemory(host);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ca = join(folder, "pve-root-ca.pem");
  const cert = join(folder, "pve-ssl.pem");
  const key = join(folder, "pve-ssl.key");
  if ([ca, cert, key].every(existsSync)) {
    const [caPem = "", certPem = "", keyPem = ""] = [ca, cert, key].map((file) => readFileSync(file, "utf8"));
    return { caPem, certPem, keyPem };
  }
  const made = issueCertificate(namesOf(host));
  writePrivately(key, made.keyPem);
  writeFileSync(cert, made.certPem);
  writeFileSync(ca, made.caPem);
  return made;
}

const issued = new Map<string, NodeCertificate>();

/** Once per process, because RSA keys take longer than everything else at the start. */
function issueInMemory(host: string): NodeCertificate {
  const certificate = issued.get(host) ?? issueCertificate(namesOf(host));
  issued.set(host, certificate);
  return certificate;
}

function namesOf(host: string): string[] {
  return [...new Set([host, "localhost", "127.0.0.1", "::1"])];
}

const dayMs = 24 * 60 * 60 * 1000;

/** Issues a certificate for these names from a new CA. The days are relative to now. */
export function issueCertificate(names: string[], fromDay = -1, toDay = 730): NodeCertificate {
  const ca = newKey();
  const caSubject = [
    { shortName: "CN", value: "Proxmox Virtual Environment" },
    // Distinguishes the CAs of two clusters in one trust store.
    { shortName: "OU", value: randomUUID() },
    { shortName: "O", value: "PVE Cluster Manager CA (simulated)" },
  ];
  const caCertificate = certificate(ca.publicKey, caSubject, caSubject, [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
  ]);
  caCertificate.sign(ca.privateKey, md.sha256.create());
  const node = newKey();
  const nodeCertificate = certificate(node.publicKey, [{ shortName: "CN", value: names[0] }], caSubject, [
    { name: "basicConstraints", cA: false },
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectAltName", altNames: names.map(altName) },
  ]);
  nodeCertificate.validity.notBefore = new Date(Date.now() + fromDay * dayMs);
  nodeCertificate.validity.notAfter = new Date(Date.now() + toDay * dayMs);
  nodeCertificate.sign(ca.privateKey, md.sha256.create());
  return {
    caPem: pki.certificateToPem(caCertificate),
    certPem: pki.certificateToPem(nodeCertificate),
    keyPem: pki.privateKeyToPem(node.privateKey),
  };
}

function certificate(
  publicKey: pki.rsa.PublicKey,
  subject: pki.CertificateField[],
  issuer: pki.CertificateField[],
  extensions: object[],
): pki.Certificate {
  const made = pki.createCertificate();
  made.publicKey = publicKey;
  made.serialNumber = `01${randomBytes(15).toString("hex")}`;
  made.validity.notBefore = new Date(Date.now() - dayMs);
  made.validity.notAfter = new Date(Date.now() + 730 * dayMs);
  made.setSubject(subject);
  made.setIssuer(issuer);
  made.setExtensions(extensions);
  return made;
}

function newKey() {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const key = pki.privateKeyFromPem(privateKey);
  return { privateKey: key, publicKey: pki.setRsaPublicKey(key.n, key.e) };
}

function altName(name: string) {
  return isIP(name) ? { type: 7, ip: name } : { type: 2, value: name };
}
