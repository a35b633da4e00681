import type { Expiry, Overview } from "./overview";
import { daysLeft, soonDays } from "./sentences";

/** Summary of a stack. */
interface Status {
  readonly stack: string;
  /** Whether nothing needs attention. */
  readonly ok: boolean;
  /** Problems that need attention, one sentence each. */
  readonly problems: readonly string[];
  readonly clusters: readonly ClusterStatus[];
  /** The certificate that expires first, if the stack has one. */
  readonly nextExpiry?: { readonly certificate: string; readonly days: number };
}

interface ClusterStatus {
  readonly name: string;
  /** Time of the last proof of login, in ISO 8601. */
  readonly provedAt?: string;
}

/** The status according to the state. Contacts no server. */
export function statusOf({ stack, authentik, clusters }: Overview): Status {
  const expiries = [...authentik.certificates, ...clusters.flatMap(({ certificates }) => certificates)];
  const [first] = expiries.toSorted((a, b) => a.expires.getTime() - b.expires.getTime());
  const problems = [
    ...(clusters.length === 0 ? ["the stack has created nothing yet: run pulumi up"] : []),
    ...clusters.flatMap(({ name, realm, proof }) =>
      realm === "" || proof === undefined ? [`${name} has no proved login: run pulumi up`] : [],
    ),
    ...expiries.flatMap(expiryProblem),
  ];
  return {
    stack,
    ok: problems.length === 0,
    problems,
    clusters: clusters.map(({ name, proof }) => ({ name, ...(proof && { provedAt: proof.at }) })),
    ...(first && { nextExpiry: { certificate: first.name, days: daysLeft(first.expires) } }),
  };
}

function expiryProblem({ name, expires }: Expiry): string[] {
  const days = daysLeft(expires);
  if (days < 0) return [`the certificate ${name} has expired: run pulumi up`];
  return days < soonDays ? [`the certificate ${name} expires in ${days} days: run pulumi up`] : [];
}

/** One line for a terminal, a message of the day or a mail of cron. */
export function statusLine({ stack, ok, problems, clusters, nextExpiry }: Status): string {
  if (!ok) return `${stack}: needs attention: ${problems.join("; ")}`;
  const proved = clusters.map(({ provedAt = "" }) => provedAt).sort()[0] ?? "";
  const expiry = nextExpiry ? `, certificates last ${nextExpiry.days} days` : "";
  return `${stack}: ok, ${clusters.length} Proxmox proved (oldest proof ${proved.slice(0, 10)})${expiry}`;
}
