import { issueCertificate } from "../../providers/pki/certificate";
import type { AuthentikSimulator } from "./simulators";

/** Gives authentik's default brand a certificate of its own. Returns it as PEM. */
export async function serveTls(authentik: AuthentikSimulator): Promise<string> {
  const pair = await issueCertificate({
    commonName: "localhost",
    subjectAltNames: ["127.0.0.1"],
    validityDays: 1,
    keySize: 2048,
  });
  const { pk } = await authentik.call("POST", "crypto/certificatekeypairs/", {
    name: "web",
    certificate_data: pair.certificate,
    key_data: pair.privateKey,
  });
  const { brand_uuid } = await authentik.find("core/brands/?default=true");
  await authentik.call("PATCH", `core/brands/${brand_uuid}/`, { web_certificate: pk });
  return pair.certificate;
}
