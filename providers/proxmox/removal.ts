import type { ProxmoxClient } from "./client";
import type { AclEntry } from "./wire";

/**
 * Proxmox deletes an object's permissions together with the object, including those from others. The console lists
 * them.
 */
export async function reportCascades(
  client: ProxmoxClient,
  subject: string,
  concerns: (entry: AclEntry) => boolean,
): Promise<void> {
  const entries = (await client.acl()).filter(concerns);
  if (entries.length === 0) return;
  console.log(`${subject} is deleted with its permissions: ${inWords(entries)}.`);
}

export function inWords(entries: readonly AclEntry[]): string {
  const list = entries.map(({ path, roleid, ugid }) => `${roleid} on ${path} for ${ugid}`);
  return list.sort().join(", ");
}
