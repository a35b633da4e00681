import type { Exchange } from "../exchange";
import type { Stage } from "./stage";

export type Step = (stage: Stage, removeUser: (userid: string) => Promise<void>) => Promise<void> | void;

/**
 * What happened between two recorded requests, by the number of the later one. Not the clock of the cases 18c to 18k:
 * it was set after what was recorded of them (18i begins with 200, where TLS would have failed).
 */
export const unrecordedSteps: [string, Step][] = [
  ["0220-", (stage) => stage.setFront("without X-Forwarded-Proto")],
  ["0223-", (stage) => stage.setFront("as it should")],
  ["0727-", (stage) => stage.changeGroup("staff.eu_1", "remove_user")],
  ["0785-", (stage) => stage.changeGroup("staff.eu_1", "add_user")],
  ["0907-", (_stage, removeUser) => removeUser("alice@grp")],
  ["0958-", (_stage, removeUser) => removeUser("alice@grp")],
  ["1022-", (stage) => stage.removeBindings()],
  ["1040-", (stage) => stage.removeBindings()],
  ["1237-", (stage) => stage.changeKeyBeforeToken("rig-rsa-second", "k3")],
  ["1463-", (stage) => stage.setFront("slow token")],
  ["1472-", (stage) => stage.setFront("as it should")],
  ["1498-", (stage) => stage.trustFront(false)],
  ["1500-", (stage) => stage.trustFront(true)],
  ["1520-", (stage) => stage.setFront("502")],
  [
    "1524-",
    async (stage) => {
      stage.setFront("as it should");
      await stage.restartAuthentik();
    },
  ],
];

/** Cases whose logins are not replayed, and why. */
const leftOutCases: [RegExp, string][] = [
  [/^16g /, "authentik serves a certificate whose key was not recorded"],
  [/^17(c |j)/, "waits for 30 seconds, and the node's workers are blocked"],
  [/^time /, "measures time only"],
];

/** Made anew in another installation, to record once more what had been recorded before. */
const setUpAgain = /^(1549|1550|1777|178[4-6]|160[2-6])-/;

export function reasonToLeaveOut({ case: name = "", file, path }: Exchange): string | undefined {
  if (setUpAgain.test(file)) return "set-up of an installation that was begun anew";
  const isLogin = !/^\/api\/v3\/(?!flows\/executor)|\/access\/(domains|users|groups|acl)/.test(path);
  return isLogin ? leftOutCases.find(([cases]) => cases.test(name))?.[1] : undefined;
}
