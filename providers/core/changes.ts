import { compactCertificates } from "./certificates";
import { differences } from "./compare";
import type { Credentials } from "./credentials";
import { withDefaults } from "./defaults";
import type { AnyDefinition } from "./definition";
import { hasUnknown } from "./unknown";

type Properties = Readonly<Record<string, unknown>>;

/** The inputs that differ from the state, and those to apply again. */
export function changedInputs(
  definition: AnyDefinition,
  olds: Properties,
  news: Properties,
  credentials: Credentials,
): Set<string> {
  const { notCompared = [], comparedOnceRecorded = [], rewrittenAfter = [] } = definition;
  const uncompared = new Set<string>(["adopt", ...notCompared, ...rewrittenAfter]);
  const unrecorded = new Set<string>(comparedOnceRecorded.filter((key) => olds[key] === undefined));
  const keys = Object.keys(definition.inputs.shape).filter(
    (key) => !uncompared.has(key) && !unrecorded.has(key),
  );
  const before = withDefaults(definition.inputs, compactCertificates(olds));
  // A refresh compares with the inputs in the state, which an older version may have written.
  const wanted = withDefaults(definition.inputs, compactCertificates(news));
  const changed = differences(before, wanted, keys);
  for (const key of [...keys, ...rewrittenAfter]) if (hasUnknown(news[key])) changed.add(key);
  for (const key of rewrittenAfter) if (isNewer(news[key], olds.revision)) changed.add(key);
  for (const key of definition.stale?.(olds, news, credentials) ?? []) changed.add(key);
  return changed;
}

/**
 * The properties that differ between the server and the state. If the state of an older version lacks an input, the
 * input's default is no drift.
 */
export function driftOf(definition: AnyDefinition, state: Properties, observed: Properties): Properties {
  const known = withDefaults(definition.inputs, state);
  const changed = differences(known, observed, Object.keys(observed));
  return Object.fromEntries(Object.entries(observed).filter(([key]) => changed.has(key)));
}

/** Revisions are timestamps in one format, so text order is time order. */
function isNewer(revisions: unknown, own: unknown): boolean {
  return [revisions].flat().some((revision) => typeof revision === "string" && revision > String(own));
}
