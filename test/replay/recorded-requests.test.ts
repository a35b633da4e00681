import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, suite, test } from "node:test";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { runCommands } from "./recorded-requests/commands";
import { notRecorded } from "./recorded-requests/not-recorded";
import { runProgram } from "./recorded-requests/program";
import { differencesFromRecorded, type SentRequest, type System } from "./recorded-requests/shapes";
import { isSentByUs } from "./tiers";

const sent: { system: System; request: SentRequest }[] = [];
const passwords = { akadmin: "p4ssword-of-akadmin", root: "p4ssword-of-root" };
const credentials: Record<string, string> = {
  authentikToken: "t0ken-of-authentik-for-this-test",
  proxmoxToken: `root@pam!test=${randomUUID()}`,
  testPassword: passwords.akadmin,
};

suite("every request that the program and its commands send was recorded with a real server", () => {
  let authentik: RunningAuthentik;
  let proxmox: RunningProxmox;

  before(async () => {
    authentik = await startAuthentik({
      profile: "2026.5",
      bootstrap: { token: credentials.authentikToken, password: passwords.akadmin },
      tlsTickSeconds: 1,
      onRequest: (request) => sent.push({ system: "authentik", request }),
    });
    proxmox = await startProxmox({
      port: 0,
      rootPassword: passwords.root,
      tokens: [credentials.proxmoxToken ?? ""],
      onRequest: (request) => sent.push({ system: "proxmox", request }),
    });
    await runProgram(authentik, proxmox, credentials);
    await runCommands(authentik, proxmox, credentials.authentikToken ?? "", passwords);
  });

  after(async () => {
    await proxmox.close();
    await authentik.close();
  });

  test("by method, path, query and the keys and types of its body", () => {
    const problems = new Set(sent.flatMap(({ system, request }) => differencesFromRecorded(system, request)));
    assert.deepEqual([...problems].sort(), Object.keys(notRecorded).sort());
  });

  test("and its recording must match in the replay", () => {
    const hidden = sent
      .filter(({ system, request }) => differencesFromRecorded(system, request).length === 0)
      .map(({ request: { method, path } }) => `${method} ${path}`)
      .filter((call) => !isSentByUs(call));
    assert.deepEqual([...new Set(hidden)], []);
  });

  test("and the program sends requests of every kind", () => {
    const methods = new Set(sent.map(({ system, request }) => `${system} ${request.method}`));
    assert.deepEqual([...methods].sort(), [
      "authentik DELETE",
      "authentik GET",
      "authentik PATCH",
      "authentik POST",
      "proxmox DELETE",
      "proxmox GET",
      "proxmox POST",
      "proxmox PUT",
    ]);
  });
});
