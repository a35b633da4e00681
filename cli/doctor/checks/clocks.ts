import { UserError } from "../../../providers/core/errors";
import { type Check, fail, pass, type Result, warn } from "../check";
import type { Cluster } from "../subject";
import { greetAuthentik, greetProxmox, isNotMadeYet } from "./answers";

const noticeable = 5;
/**
 * An ID token is valid for authentik's access code validity, a minute by default. Proxmox allows no clock
 * difference.
 */
const fatal = 60;

/** Each node checks ID tokens with its own clock. */
export const clocksCheck: Check<Cluster> = {
  name: "Clocks",
  needs: ["authentik answers", "Proxmox answers"],
  async look(cluster) {
    const authentik = isNotMadeYet(cluster) ? 0 : (await greetAuthentik(cluster)).secondsAhead;
    if (authentik === undefined) return undefined;
    const urls = [...new Set([cluster.connection.url, ...cluster.addresses])];
    const wrong = await Promise.all(
      urls.map(async (url) => {
        const ahead = await secondsAhead(cluster, url);
        return ahead === undefined ? undefined : judge(new URL(url).host, ahead - authentik);
      }),
    );
    const found = wrong.filter((result) => result !== undefined);
    return found.length > 0 ? found : pass("Proxmox's clock and authentik's agree");
  },
};

/** Undefined if the node does not answer. Another check reports that. */
async function secondsAhead(cluster: Cluster, url: string): Promise<number | undefined> {
  try {
    return (await greetProxmox(cluster, url)).secondsAhead;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function judge(host: string, ahead: number): Result | undefined {
  const off = Math.abs(ahead);
  if (off < noticeable) return undefined;
  const found = `The clock of Proxmox at ${host} is ${off} s ${ahead > 0 ? "ahead of" : "behind"} authentik's.`;
  const advice =
    "Set both by NTP: `timedatectl` shows a machine's state, `chronyc tracking` Proxmox's. With a clock that is a minute ahead, every login fails with 401.";
  return off < fatal ? warn(found, advice) : fail(found, advice);
}
