import { inspect } from "node:util";
import type { JointOutcome } from "./joint/joint";
import type { Outcome, Replayed } from "./replay";
import type { StartOutcome } from "./starts";

/** A difference that must not exist. */
export function failuresOf({ outcomes }: Pick<Replayed, "outcomes">): Outcome[] {
  return outcomes.filter(({ tier, differences }) => tier.tier === 1 && differences.length > 0);
}

export function medianOf(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export function printReport(replayed: Replayed[]): void {
  console.table(
    Object.fromEntries(
      replayed.map(({ recording, outcomes }) => [
        recording,
        {
          "tier 1": alikeOf(outcomes, 1),
          "tier 3 (need not be alike)": alikeOf(outcomes, 3),
          "median ms": Number(medianOf(outcomes.map(({ milliseconds }) => milliseconds)).toFixed(1)),
        },
      ]),
    ),
  );
  for (const [reason, count] of reasonsOf(replayed)) console.log(`left out: ${count}, ${reason}`);
  for (const { recording, outcomes } of replayed) {
    for (const { exchange, differences } of failuresOf({ outcomes })) {
      console.log(`\n${recording}/${exchange.file}: ${exchange.method} ${exchange.path}`);
      console.log(inspect(differences, { depth: 6 }));
    }
  }
}

export function printJoint(outcomes: JointOutcome[]): void {
  const alike = outcomes.filter(({ differences }) => differences.length === 0);
  const cases = new Set(outcomes.map(({ exchange }) => exchange.case));
  const logins = outcomes.filter(({ exchange }) => exchange.path.endsWith("/openid/login"));
  console.log(
    `joint-login, tier 2: ${alike.length} of ${outcomes.length} exchanges alike, none left out ` +
      `(${logins.length} logins at Proxmox in ${cases.size} cases)`,
  );
  for (const { exchange, differences } of outcomes) {
    if (differences.length === 0) continue;
    console.log(`\njoint-login/${exchange.file} (${exchange.case})`);
    console.log(inspect(differences, { depth: 6 }));
  }
}

export function printStarts(outcomes: StartOutcome[]): void {
  const alike = outcomes.filter(({ isAlike }) => isAlike);
  const starts = new Set(outcomes.map(({ name }) => name));
  console.log(
    `${starts.size} starts of authentik: ${alike.length} of ${outcomes.length} requests, asked all the while, alike`,
  );
  for (const outcome of outcomes) if (!outcome.isAlike) console.log(inspect(outcome, { depth: 5 }));
}

function alikeOf(outcomes: Outcome[], tier: 1 | 3): string {
  const ofTier = outcomes.filter((outcome) => outcome.tier.tier === tier);
  const alike = ofTier.filter(({ differences }) => differences.length === 0);
  return `${alike.length} of ${ofTier.length} alike`;
}

function reasonsOf(replayed: Replayed[]): Map<string, number> {
  const reasons = new Map<string, number>();
  for (const { tier } of replayed.flatMap(({ outcomes }) => outcomes)) {
    if (tier.tier === 3) reasons.set(tier.reason, (reasons.get(tier.reason) ?? 0) + 1);
  }
  return reasons;
}
