import { webcrypto } from "node:crypto";

/** Several, because objects of one sequence should have different keys. */
const keysOfEachKind = 12;

/**
 * Generates only some key pairs of each kind, and then uses these in turn. The simulators need a second for the keys of a new
 * server. A certificate with a reused key still has a serial number and a fingerprint of its own.
 */
export function reuseKeys(): void {
  const { subtle } = webcrypto;
  const generate = subtle.generateKey.bind(subtle);
  const kept = new Map<string, unknown[]>();
  const reused = async (...[algorithm, ...rest]: Parameters<typeof generate>) => {
    const kind = JSON.stringify([algorithm, rest]);
    const keys = kept.get(kind) ?? [];
    kept.set(kind, keys);
    const key = keys.length < keysOfEachKind ? await generate(algorithm, ...rest) : keys.shift();
    keys.push(key);
    return key;
  };
  Object.assign(subtle, { generateKey: reused });
}
