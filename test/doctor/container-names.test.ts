import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Result } from "../../cli/doctor/check";
import { containerNamesCheck } from "../../cli/doctor/checks/container-names";
import { subjectOf } from "../../cli/doctor/subject";
import { parseConfig } from "../../config/load";
import { Credentials } from "../../providers/core/credentials";
import { deployed } from "../unit/config/right";

/** Exit code of `getent` in the container for each name. */
const statuses: Record<string, number> = { "auth.example.com": 0, "pve.berlin.example.com": 2 };
let folder = "";
let docker: Server;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "container-names-"));
  docker = createServer((request, response) => {
    let body = "";
    request.on("data", (data) => {
      body += data;
    });
    request.on("end", () => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answer(request.url ?? "", body)));
    });
  });
  await new Promise<void>((resolve) => docker.listen(join(folder, "docker.sock"), resolve));
});
after(async () => {
  docker.close();
  await rm(folder, { recursive: true });
});

function answer(url: string, body: string): object {
  if (url === "/containers/prod-server/exec") return { Id: JSON.parse(body).Cmd.at(-1) };
  const [, name = ""] = /^\/exec\/(.+)\/json$/.exec(url) ?? [];
  return { ExitCode: statuses[name] ?? 127 };
}

async function look(addresses: string[]): Promise<Result[]> {
  const config = parseConfig(
    {
      ...deployed,
      authentikUrl: "https://auth.example.com",
      dockerHost: `unix://${join(folder, "docker.sock")}`,
      proxmoxAddresses: JSON.stringify([
        "https://localhost:8006",
        "https://192.0.2.1:8006",
        "https://[2001:db8::1]:8006",
      ]),
      clusters: JSON.stringify({ berlin: { addresses } }),
    },
    { isEncrypted: () => true, credentials: { "proxmoxToken-berlin": deployed.proxmoxToken ?? "" } },
  );
  const made = { anything: true, realms: [], serverContainer: "prod-server" };
  const results = await containerNamesCheck.look(
    subjectOf(config, new Credentials({ get: () => "" }, {}), made),
  );
  return [results ?? []].flat();
}

test("the names of authentik and of each Proxmox are resolved in authentik's container", async () => {
  const [authentik, proxmox, ...others] = await look(["https://pve.berlin.example.com:8006"]);
  assert.deepEqual(others, [], "neither addresses nor localhost");
  assert.equal(authentik?.level, "pass");
  assert.equal(proxmox?.level, "warn");
  assert.match(`${proxmox?.found}`, /pve\.berlin\.example\.com does not resolve in authentik's container/);
});

test("a container that cannot resolve names is reported", async () => {
  const [, result] = await look(["https://pve.munich.example.com:8006"]);
  assert.equal(result?.level, "skip");
  assert.match(`${result?.found}`, /^Unable to check/);
});
