import { type Check, fail, pass, type Result, warn } from "../check";
import type { Cluster } from "../subject";
import { greetAuthentik, greetProxmox, isNotMadeYet } from "./answers";

const noticeable = 5;
/** An ID token lives for authentik's access code validity, a minute by default, and Proxmox gives no leeway. */
const fatal = 60;

export const clocksCheck: Check<Cluster> = {
  name: "Clocks",
  needs: ["authentik answers", "Proxmox answers"],
  async look(cluster) {
    const proxmox = (await greetProxmox(cluster)).secondsAhead;
    const authentik = isNotMadeYet(cluster) ? 0 : (await greetAuthentik(cluster)).secondsAhead;
    if (proxmox === undefined || authentik === undefined) return undefined;
    return judge(proxmox - authentik);
  },
};

function judge(ahead: number): Result {
  const off = Math.abs(ahead);
  if (off < noticeable) return pass("Proxmox's clock and authentik's agree");
  const found = `Proxmox's clock is ${off} s ${ahead > 0 ? "ahead of" : "behind"} authentik's.`;
  const advice =
    "Set both by NTP: `timedatectl` shows a machine's state, `chronyc tracking` Proxmox's. With a clock that is a minute ahead, every login fails with 401.";
  return off < fatal ? warn(found, advice) : fail(found, advice);
}
