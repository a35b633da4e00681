import type { ProxmoxClient } from "./client";
import type { AclEntry } from "./wire";

/** Proxmox removes an object's permissions with it, whoever gave them: a line on the console says which. */
export async function tellWhatGoesToo(
  client: ProxmoxClient,
  subject: string,
  concerns: (entry: AclEntry) => boolean,
): Promise<void> {
  const entries = (await client.acl()).filter(concerns);
  if (entries.length === 0) return;
  const list = entries.map(({ path, roleid, ugid }) => `${roleid} on ${path} for ${ugid}`).sort();
  console.log(`${subject} takes its permissions along: ${list.join(", ")}.`);
}
