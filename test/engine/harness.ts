import assert from "node:assert/strict";
import { after, before } from "node:test";
import { type Releases, Servers } from "./servers";
import { type ConfigValues, Stack } from "./stack";

/** The two servers and a configured stack, for the tests of one `describe`. */
export class Engine {
  declare servers: Servers;
  declare stack: Stack;
}

/** Starts them before the tests of the calling suite, and removes them afterwards. */
export function useEngine(releases?: Releases): Engine {
  const engine = new Engine();
  before(async () => {
    engine.servers = await Servers.start(releases);
    engine.stack = await Stack.create(configFor(engine.servers));
  });
  after(async () => {
    // Undefined if an earlier start failed.
    await engine.stack?.remove();
    await engine.servers?.stop();
  });
  return engine;
}

/** The config of a person for an existing authentik and Proxmox, with a test user for the proof. */
export function configFor(servers: Servers): ConfigValues {
  return {
    plain: {
      deployAuthentik: "false",
      authentikUrl: servers.authentik.httpUrl,
      "proxmoxAddresses[0]": servers.proxmox.url,
      proxmoxCa: servers.proxmox.caPem,
      allowEveryone: "true",
      testUsername: "akadmin",
    },
    secret: {
      authentikToken: servers.authentikToken,
      proxmoxToken: servers.proxmoxToken,
      testPassword: servers.authentikPassword,
    },
  };
}

/** The lines of a run's summary, such as `+ 3 created`. */
export function changes(output: string): string[] {
  const summary = /\nResources:\n((?: {4}.+\n)+)/.exec(output)?.[1] ?? "";
  return summary
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

export function assertUnchanged(output: string): void {
  assert.match(changes(output).join(", "), /^\d+ unchanged$/, output);
}
