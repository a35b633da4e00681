import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { inspect, isDeepStrictEqual } from "node:util";
import { hashToken } from "../../lab/proxmox/access/secrets";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { type Exchange, normalize, type Outcome, Replay } from "./proxmox-replay";

const rootToken = "11111111-1111-4111-8111-111111111111";
const nopeToken = "22222222-2222-4222-8222-222222222222";

const recordings = [
  { file: "9.2", release: "9.2" },
  { file: "9.2-broken-realm", release: "9.2" },
  { file: "9.1", release: "9.1" },
  { file: "9.0", release: "9.0" },
  { file: "8.4", release: "8.4" },
  { file: "8.3", release: "8.3" },
  { file: "7.4", release: "7.4" },
];

describe("the simulator answers as the real servers did", () => {
  for (const { file, release } of recordings) {
    it(`in the recordings of ${file}`, async (test) => {
      // The recording of 9.2 makes its own tokens; the others begin with them.
      const isSeeded = file !== "9.2";
      const proxmox = await startProxmox({
        port: 0,
        release,
        rootPassword: "root-password",
        tokens: isSeeded ? [`root@pam!iac=${rootToken}`] : [],
        authenticationDelayMs: 0,
      });
      test.after(() => proxmox.close());
      if (isSeeded) addUserWithoutPrivileges(proxmox);
      const replay = new Replay(proxmox, {
        "<ROOT-PASSWORD>": "root-password",
        "<NOPE-PASSWORD>": "nope-password",
        "<TOKEN-SECRET-root>": rootToken,
        "<TOKEN-SECRET-nope>": nopeToken,
      });
      test.after(() => replay.close());

      const differences: { file: string; actual: unknown; expected: unknown }[] = [];
      for (const exchange of readExchanges(file)) {
        const actual = comparable(await replay.send(exchange));
        const expected = comparable(exchange);
        if (!isDeepStrictEqual(actual, expected)) differences.push({ file: exchange.file, actual, expected });
      }
      assert.equal(differences.length, 0, inspect(differences, { depth: null }));
    });
  }
});

function comparable({ status, reason, response }: Outcome) {
  return { status, reason, response: normalize(response) };
}

function readExchanges(file: string): Exchange[] {
  const path = join(__dirname, "../recordings/proxmox", `${file}.jsonl`);
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line): Exchange => JSON.parse(line));
}

function addUserWithoutPrivileges({ node }: RunningProxmox): void {
  const tok = { expire: 0, privsep: false, secretHash: hashToken(nopeToken) };
  node.store.config.users["nope@pve"] = { enable: true, expire: 0, tokens: { tok } };
}
