import type { ProxmoxClient } from "./client";
import type { AclEntry } from "./wire";

/** Proxmox removes an object's permissions with it: those that are not this stack's are worth a line on the console. */
export async function tellWhatGoesToo(
  client: ProxmoxClient,
  subject: string,
  concerns: (entry: AclEntry) => boolean,
): Promise<void> {
  const entries = (await client.acl()).filter(concerns);
  if (entries.length === 0) return;
  const list = entries.map(({ path, roleid, ugid }) => `${roleid} on ${path} for ${ugid}`).sort();
  console.log(`${subject} takes permissions along that this program did not make: ${list.join(", ")}.`);
}
