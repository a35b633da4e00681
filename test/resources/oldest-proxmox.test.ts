import assert from "node:assert/strict";
import { test } from "node:test";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { serve } from "../unit/providers/http/server";
import { Life } from "./life";
import { providerOf } from "./simulators";

const realm = {
  realm: "corp",
  issuerUrl: "https://auth.example.com/application/o/proxmox/",
  clientId: "client",
};

for (const [what, release, given, message] of [
  [
    "a username claim that Proxmox VE 7.0 does not take",
    "7.0",
    { usernameClaim: "preferred_username" },
    /`usernameClaim` needs Proxmox VE 7\.1 or later \(before: subject, username, email\), and this is 7\.0\. Nothing was written\. Remove the option or upgrade Proxmox VE\.$/,
  ],
  [
    "a claim of groups that Proxmox VE 8.3 does not read",
    "8.3",
    { groupsClaim: "proxmox_groups", groupsOverwrite: true },
    /`groupsClaim` needs Proxmox VE 8\.4 or later, and this is 8\.3; `groupsOverwrite` .*upgrade Proxmox VE\. If `access` sets it, list the users under `members` of each/,
  ],
] as const) {
  test(`${what} is refused in the up, before any write`, async (context) => {
    const requests: string[] = [];
    const { url } = await serve(context, (request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ data: { release } }));
    });
    const life = new Life(await providerOf(openIdRealmDefinition));
    await assert.rejects(life.create({ proxmox: { url }, ...realm, ...given }), message);
    assert.deepEqual(requests, ["GET /api2/json/version"]);
  });
}
