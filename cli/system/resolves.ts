import { lookup } from "node:dns/promises";

/** Whether this machine can resolve a host name. */
export function resolves(host: string): Promise<boolean> {
  return lookup(host).then(
    () => true,
    () => false,
  );
}
