import { type Check, type Finding, failBy, type Result, skip } from "./check";

type Running = ReadonlyMap<string, Promise<Finding[]>>;

/** Starts all checks at once. Each waits only for the checks that it needs. */
export function start<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
  before: Running = new Map(),
): Running {
  const running = new Map(before);
  for (const check of checks) running.set(check.name, lookAt(check, subject, running));
  return new Map([...running].filter(([name]) => !before.has(name)));
}

export async function findingsOf(running: Running): Promise<Finding[]> {
  return (await Promise.all(running.values())).flat();
}

async function lookAt<Subject>(
  check: Check<Subject>,
  subject: Subject,
  running: Running,
): Promise<Finding[]> {
  for (const need of check.needs ?? []) {
    const findings = (await running.get(need)) ?? [];
    if (findings.some(({ level }) => level === "fail" || level === "skip")) {
      return [{ check: check.name, ...skip(`Skipped, because it needs "${need}" first.`) }];
    }
  }
  const results = await check.look(subject).catch(failBy);
  return listOf(results).map((result) => ({ check: check.name, ...result }));
}

function listOf(results: Result | Result[] | undefined): Result[] {
  if (results === undefined) return [];
  return Array.isArray(results) ? results : [results];
}
