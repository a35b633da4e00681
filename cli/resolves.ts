import { lookup } from "node:dns/promises";

/** Whether this machine finds an address for a name. */
export function resolves(host: string): Promise<boolean> {
  return lookup(host).then(
    () => true,
    () => false,
  );
}
