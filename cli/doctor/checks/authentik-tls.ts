import type { X509Certificate } from "node:crypto";
import { certificateAt } from "../../system/certificate-at";
import { type Check, pass, type Result, warn } from "../check";
import { greet } from "../greet";
import type { Subject } from "../subject";
import { isNotMadeYet } from "./answers";

const dayMs = 24 * 60 * 60 * 1000;
/** An `up` renews a certificate of this stack in its last 30 days. */
const soonDays = 14;

/** authentik's TLS certificate, as browsers and Proxmox nodes see it. */
export const authentikTlsCheck: Check<Subject> = {
  name: "TLS of authentik",
  needs: ["Name of authentik", "authentik answers"],
  async look(subject) {
    if (isNotMadeYet(subject)) return undefined;
    const { origin, caCertificate } = subject.authentik;
    if (origin.startsWith("http:")) return plain(origin);
    await greet({
      url: origin,
      path: "/-/health/live/",
      name: "authentik",
      caKey: caKeyOf(subject),
      caCertificate,
      fingerprint: subject.authentik.connection.fingerprint,
    });
    return judge(await certificateAt(origin));
  },
};

function plain(origin: string): Result {
  const { hostname } = new URL(origin);
  if (["localhost", "127.0.0.1", "[::1]"].includes(hostname)) return pass(`${origin} stays on this machine`);
  return warn(
    `People log in at ${origin}, without TLS: passwords and tokens can be read on the way.`,
    "Give authentik a certificate (npm run credentials generates a CA) or a proxy with one, and an authentikUrl with https.",
  );
}

function caKeyOf({ config }: Subject): string {
  return config.deployAuthentik && config.tlsCaCertificate ? "tlsCaCertificate" : "authentikCaCertificate";
}

function judge({ validTo, subject, subjectAltName }: X509Certificate): Result {
  const days = Math.floor((Date.parse(validTo) - Date.now()) / dayMs);
  const name = subjectAltName ?? subject;
  return days > soonDays
    ? pass(`a trusted certificate for ${name}, for another ${days} days`)
    : warn(
        `authentik's certificate for ${name} expires in ${days} days.`,
        "Run `pulumi up`, or renew your own.",
      );
}
