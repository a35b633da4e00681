import type { Answer } from "../exchange";
import type { Stage } from "./stage";

/** Actions between two recorded requests. */
export interface Rig {
  stage: Stage;
  /** As root. */
  proxmox(method: string, path: string, form?: Record<string, string>): Promise<Answer>;
  /** Continues with a new authentik. */
  renewAuthentik(): Promise<void>;
}

/**
 * What happened between two recorded requests, by the number of the later one. Excludes the clock of the
 * cases 18c to 18k: it was set after their recorded requests (18i starts with 200, where TLS would have
 * failed).
 */
export const unrecordedSteps: [string, (rig: Rig) => unknown][] = [
  ["0220-", ({ stage }) => stage.setFront("without X-Forwarded-Proto")],
  ["0223-", ({ stage }) => stage.setFront("as it should")],
  ["0727-", ({ stage }) => stage.changeGroup("staff.eu_1", "remove_user")],
  ["0785-", ({ stage }) => stage.changeGroup("staff.eu_1", "add_user")],
  ["0907-", (rig) => removeAlice(rig)],
  ["0958-", (rig) => removeAlice(rig)],
  ["1022-", ({ stage }) => stage.removeBindings()],
  ["1040-", ({ stage }) => stage.removeBindings()],
  ["1237-", ({ stage }) => stage.changeKeyBeforeToken("rig-rsa-second", "k3")],
  ["1254-", ({ stage }) => stage.copyPair("rig-rsa-second", "rig-inplace")],
  ["1463-", ({ stage }) => stage.setFront("slow token")],
  ["1472-", ({ stage }) => stage.setFront("as it should")],
  ["1498-", ({ stage }) => stage.trustFront(false)],
  ["1500-", ({ stage }) => stage.trustFront(true)],
  ["1520-", ({ stage }) => stage.setFront("502")],
  [
    "1524-",
    async ({ stage }) => {
      await stage.setFront("as it should");
      await stage.restartAuthentik();
    },
  ],
  ["1544-", ({ stage }) => stage.setFront("silent")],
  ["1546-", ({ stage }) => stage.setFront("as it should")],
  [
    "1602-",
    async (rig) => {
      for (let peer = 0; peer < 100; peer++) await makePeer(rig, `peer${peer}`);
      await rig.stage.setFront("silent");
      await Promise.all([askForAuthUrl(rig), askForAuthUrl(rig), askForAuthUrl(rig)]);
      rig.stage.front.takeAsked();
    },
  ],
  ["1607-", ({ stage }) => stage.setFront("as it should")],
  ["1777-", (rig) => rig.renewAuthentik()],
  [
    "1780-",
    async (rig) => {
      const issuer = "https://auth.rig.test:9443/application/o/pve/";
      await rig.proxmox("PUT", "/api2/json/access/domains/ak", { "issuer-url": issuer });
      await rig.stage.setFront("silent");
      void askForAuthUrl(rig);
    },
  ],
  ["1783-", ({ stage }) => stage.setFront("as it should")],
];

function removeAlice(rig: Rig): Promise<Answer> {
  return rig.proxmox("DELETE", "/api2/json/access/users/alice%40grp");
}

/** One of several simultaneous requests. */
function makePeer(rig: Rig, realm: string): Promise<Answer> {
  const [issuer, client] = ["https://auth.rig.test:9443/application/o/first/", "cid-first"];
  return rig.proxmox("POST", "/api2/json/access/domains", {
    realm,
    type: "openid",
    "issuer-url": issuer,
    "client-id": client,
  });
}

function askForAuthUrl(rig: Rig): Promise<Answer> {
  const form = { realm: "ak", "redirect-url": "https://pve.rig.test:18006" };
  return rig.proxmox("POST", "/api2/json/access/openid/auth-url", form);
}
