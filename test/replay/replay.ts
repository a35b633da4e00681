import * as accessControl from "./access-control";
import { tierOf as accessControlTierOf } from "./access-control-tiers";
import * as authentik from "./authentik";
import type { Correspondence, Difference } from "./correspondence";
import { type Answer, type Exchange, readRecording } from "./exchange";
import * as proxmox from "./proxmox";
import { type Tier, tierOf } from "./tiers";

export interface Outcome<A extends Answer = Answer> {
  exchange: Exchange;
  tier: Tier;
  answer: A;
  milliseconds: number;
  differences: Difference[];
}

export interface Replayed<A extends Answer = Answer> {
  recording: string;
  outcomes: Outcome<A>[];
  /** The positions of changed answers that the comparison would miss. */
  unnoticed(changed: Map<number, A>): number[];
}

interface Server<A extends Answer> {
  correspondence: Correspondence;
  answerTo(exchange: Exchange): Promise<A>;
  close(): Promise<void>;
}

interface Driver<A extends Answer> {
  start(version: string): Promise<Server<A>>;
  newCorrespondence(): Correspondence;
  compareAnswers(correspondence: Correspondence, exchange: Exchange, answer: A): Difference[];
  tierOf(exchange: Exchange): Tier;
}

const authentikDriver: Driver<Answer> = {
  ...authentik,
  tierOf,
  start: (version) => authentik.AuthentikReplay.start(version),
};
const proxmoxDriver: Driver<proxmox.ProxmoxAnswer> = {
  ...proxmox,
  tierOf,
  start: (version) => proxmox.ProxmoxReplay.start(version),
};

const accessControlDriver = (
  product: "backup" | "datacenter-manager",
): Driver<accessControl.AccessControlAnswer> => ({
  ...accessControl,
  tierOf: accessControlTierOf,
  start: () => accessControl.AccessControlReplay.start(product),
});

export const authentikVersions = ["2026.5", "2025.10"];
export const proxmoxVersions = ["9.2", "9.1", "9.0", "8.4", "8.3", "7.4"];

export const replayAuthentik = (version: string) => replay(authentikDriver, `authentik-${version}`, version);
export const replayProxmox = (version: string) => replay(proxmoxDriver, `proxmox-${version}`, version);

export const replayBackupServer = () => replay(accessControlDriver("backup"), "pbs-4.2.3", "4.2.3");
export const replayDatacenterManager = () =>
  replay(accessControlDriver("datacenter-manager"), "pdm-1.1.7", "1.1.7");

/** Sends the recorded requests in order to a new simulator. */
async function replay<A extends Answer>(
  driver: Driver<A>,
  recording: string,
  version: string,
): Promise<Replayed<A>> {
  const exchanges = readRecording(recording);
  const server = await driver.start(version);
  const outcomes: Outcome<A>[] = [];
  try {
    for (const exchange of exchanges) {
      const sent = performance.now();
      const answer = await server.answerTo(exchange);
      const milliseconds = performance.now() - sent;
      const differences = driver.compareAnswers(server.correspondence, exchange, answer);
      outcomes.push({ exchange, tier: driver.tierOf(exchange), answer, milliseconds, differences });
    }
  } finally {
    await server.close();
  }
  return { recording, outcomes, unnoticed: (changed) => unnoticedOf(driver, outcomes, changed) };
}

type Pair<A extends Answer> = Pick<Outcome<A>, "exchange" | "answer">;

/** A changed answer may differ at once, or only in a later answer: another name for the same object. */
function unnoticedOf<A extends Answer>(
  driver: Driver<A>,
  pairs: Pair<A>[],
  changed: Map<number, A>,
): number[] {
  const correspondence = driver.newCorrespondence();
  return pairs.flatMap(({ exchange, answer }, index) => {
    const other = changed.get(index);
    const isNoticed =
      other === undefined ||
      driver.compareAnswers(correspondence.fork(), exchange, other).length > 0 ||
      differencesOf(driver, pairs.with(index, { exchange, answer: other })) > 0;
    driver.compareAnswers(correspondence, exchange, answer);
    return isNoticed ? [] : [index];
  });
}

/** The number of tier 1 answers that differ, without earlier knowledge of the simulator. */
function differencesOf<A extends Answer>(driver: Driver<A>, pairs: Pair<A>[]): number {
  const correspondence = driver.newCorrespondence();
  const different = pairs.filter(
    ({ exchange, answer }) =>
      driver.compareAnswers(correspondence, exchange, answer).length > 0 &&
      driver.tierOf(exchange).tier === 1,
  );
  return different.length;
}
