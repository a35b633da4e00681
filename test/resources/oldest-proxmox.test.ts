import assert from "node:assert/strict";
import { test } from "node:test";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { serve } from "../unit/providers/http/server";
import { Life } from "./life";
import { providerOf } from "./simulators";

test("a username claim that Proxmox VE 7.0 does not take is refused at up, before anything is written", async (context) => {
  const requests: string[] = [];
  const { url } = await serve(context, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ data: { release: "7.0" } }));
  });
  const life = new Life(await providerOf(openIdRealmDefinition));
  await assert.rejects(
    life.create({
      proxmox: { url },
      realm: "corp",
      issuerUrl: "https://auth.example.com/application/o/proxmox/",
      clientId: "client",
      usernameClaim: "preferred_username",
    }),
    /`usernameClaim` needs Proxmox VE 7\.1 or later \(before: subject, username, email\), and this is 7\.0\. Nothing was written/,
  );
  assert.deepEqual(requests, ["GET /api2/json/version"]);
});
