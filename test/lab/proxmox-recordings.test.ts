import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { hashToken } from "../../lab/proxmox/access/secrets";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { type Exchange, normalize, Replay } from "./proxmox-replay";

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

for (const { file, release } of recordings) {
  describe(`recorded exchanges with Proxmox VE ${file}`, () => {
    let proxmox: RunningProxmox;
    let replay: Replay;

    before(async () => {
      // The recording of 9.2 makes its own tokens; the others begin with them.
      const isSeeded = file !== "9.2";
      proxmox = await startProxmox({
        port: 0,
        release,
        rootPassword: "root-password",
        tokens: isSeeded ? [`root@pam!iac=${rootToken}`] : [],
        authenticationDelayMs: 0,
      });
      if (isSeeded) addUserWithoutPrivileges(proxmox);
      replay = new Replay(proxmox, {
        "<ROOT-PASSWORD>": "root-password",
        "<NOPE-PASSWORD>": "nope-password",
        "<TOKEN-SECRET-root>": rootToken,
        "<TOKEN-SECRET-nope>": nopeToken,
      });
    });
    after(async () => {
      await replay.close();
      await proxmox.close();
    });

    for (const exchange of readExchanges(file)) {
      it(exchange.file, async () => {
        const { status, reason, response } = await replay.send(exchange);
        assert.deepEqual(
          { status, reason, response: normalize(response) },
          { status: exchange.status, reason: exchange.reason, response: normalize(exchange.response) },
        );
      });
    }
  });
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
