import { ConfigError } from "../../config/load";
import type { Credentials } from "../../providers/core/credentials";
import { otherProducts } from "../../providers/otherProducts";
import { type Finding, skip } from "./check";
import { authentikChecks, clusterChecks, machineChecks } from "./checks";
import type { Machine } from "./machine";
import { findingsOf, start } from "./run";
import { clustersOf, type RecordedStack, subjectOf } from "./subject";

export interface DoctorContext extends Machine {
  readonly credentials: Credentials;
  readonly made: RecordedStack;
}

/** Runs all checks that an `up` and a login need. Skips those that depend on an invalid config. */
export async function diagnose(context: DoctorContext): Promise<Finding[]> {
  const { config, credentials, made } = context;
  const machine = findingsOf(start(machineChecks, context));
  if (config instanceof ConfigError) return await machine;
  const subject = subjectOf(config, credentials, made);
  const authentik = start(authentikChecks, subject);
  const clusters = clustersOf(subject).map(async (cluster): Promise<Finding[]> => {
    if (cluster.product !== undefined) {
      const found = `Not looked at: ${otherProducts[cluster.product].name}. npm run verify proves its login.`;
      return [{ check: "Product", ...skip(found), cluster: cluster.name }];
    }
    const findings = await findingsOf(start(clusterChecks, cluster, authentik));
    return findings.map((finding) => ({ ...finding, cluster: cluster.name }));
  });
  return (await Promise.all([machine, findingsOf(authentik), ...clusters])).flat();
}
