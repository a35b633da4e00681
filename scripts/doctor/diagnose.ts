import { ConfigError } from "../../config/load";
import type { Credentials } from "../../providers/core/credentials";
import type { Finding } from "./check";
import { authentikChecks, clusterChecks, machineChecks } from "./checks";
import type { Machine } from "./machine";
import { findingsOf, type Running, start } from "./run";
import { clustersOf, subjectOf } from "./subject";

export interface Patient extends Machine {
  readonly credentials: Credentials;
  readonly isUp: boolean;
}

/** Looks at everything that an `up` and a login need; what depends on a wrong config is left out. */
export async function diagnose(patient: Patient): Promise<Finding[]> {
  const { config, credentials, isUp } = patient;
  const parts: Running[] = [start(machineChecks, patient)];
  if (!(config instanceof ConfigError)) {
    const subject = subjectOf(config, credentials, isUp);
    const authentik = start(authentikChecks, subject);
    parts.push(authentik, ...clustersOf(subject).map((cluster) => start(clusterChecks, cluster, authentik)));
  }
  return (await Promise.all(parts.map(findingsOf))).flat();
}
