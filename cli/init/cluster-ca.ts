import { X509Certificate } from "node:crypto";
import { UserError } from "../../providers/core/errors";
import type { ProxmoxClient } from "../../providers/proxmox/client";

/** The PEM of the cluster's CA, if it signed the certificate that the person has compared. */
export async function clusterCa(
  client: ProxmoxClient,
  shown: X509Certificate,
  nodes: readonly string[],
): Promise<string | undefined> {
  for (const node of nodes) {
    const listed = await unlessRefused(client.certificatesOf(node));
    const pem = listed?.find(({ filename }) => filename === "pve-root-ca.pem")?.pem;
    if (pem !== undefined && hasSigned(pem, shown)) return pem;
  }
  return undefined;
}

function hasSigned(caPem: string, certificate: X509Certificate): boolean {
  const ca = new X509Certificate(caPem);
  return certificate.checkIssued(ca) && certificate.verify(ca.publicKey);
}

/** Undefined if an API token lacks the permission. */
export async function unlessRefused<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
