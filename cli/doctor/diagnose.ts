import { ConfigError } from "../../config/load";
import type { Credentials } from "../../providers/core/credentials";
import type { Finding } from "./check";
import { authentikChecks, clusterChecks, machineChecks, otherProductChecks } from "./checks";
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
    const checks = cluster.product ? otherProductChecks : clusterChecks;
    const findings = await findingsOf(start(checks, cluster, authentik));
    return findings.map((finding) => ({ ...finding, cluster: cluster.name }));
  });
  return (await Promise.all([machine, findingsOf(authentik), ...clusters])).flat();
}
