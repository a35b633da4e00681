import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { AuthentikClient } from "../../../../providers/authentik/client";
import { oauth2ProviderDefinition } from "../../../../providers/authentik/oauth2Provider";

test("client IDs and secrets must be printable ASCII, which is checked before any request to authentik", () => {
  const inputs = {
    authentik: { url: "https://auth.example.com" },
    name: "proxmox",
    clientId: "proxmox",
    clientSecret: "!~ secret",
    redirectUris: [{ url: "https://pve.example.com:8006" }],
  };
  assert.ok(oauth2ProviderDefinition.inputs.safeParse(inputs).success);
  for (const key of ["clientId", "clientSecret"]) {
    const { error } = oauth2ProviderDefinition.inputs.safeParse({ ...inputs, [key]: "für-pve" });
    assert.match(error?.issues[0]?.message ?? "", /printable ASCII characters only/);
    assert.deepEqual(error?.issues[0]?.path, [key]);
  }
});

test("a request is repeated if authentik limits the requests of an address", async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.setHeader("Content-Type", "application/json");
    if (asked === 1)
      return response.writeHead(429, { "Retry-After": "1" }).end('{"detail":"Request was throttled."}');
    return response.end('{"version_current":"2026.8.7"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const url = `http://127.0.0.1:${Object(server.address()).port}`;
    const client = new AuthentikClient({ url, token: "token", tokenConfigKey: "authentikToken" });
    assert.equal(await client.version(), "2026.8.7");
    assert.equal(asked, 2);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
