import assert from "node:assert/strict";
import { request as send } from "node:https";
import { suite, type TestContext, test } from "node:test";
import { type RunningProxmox, startProxmox } from "../../../../lab/proxmox/server";
import { ProxmoxClient } from "../../../../providers/proxmox/client";
import { ProxmoxLogin } from "../../../../providers/sso/proof/proxmox";
import { serve, skipPauses } from "../http/server";
import { errorOf, recordedFailure } from "../recorded-failures";

const credential = { token: "root@pam!t=1", configKey: "pulumi-nodejs:proxmoxToken" };
const json = { "Content-Type": "application/json;charset=UTF-8" };

/** A Proxmox that refuses the token for this number of requests, after it has accepted it once. */
async function forgetful(context: TestContext, times: number) {
  const pauses = skipPauses(context);
  context.mock.method(console, "log", () => {});
  const { url, requests } = await serve(context, (_request, response, count) => {
    if (count > 1 && count <= 1 + times) response.writeHead(401, "no such user ('root@pam')").end();
    else response.writeHead(200, json).end('{"data":[]}');
  });
  return { client: new ProxmoxClient({ url, credential }), requests, pauses };
}

suite("a token that Proxmox refuses during a run, as while pmxcfs restarts", () => {
  test("is retried for some seconds, for a write too", async (context) => {
    const { client, requests, pauses } = await forgetful(context, 3);
    await client.roles();
    await client.createGroup("a", {});
    assert.equal(requests.length, 5);
    assert.ok(pauses.reduce((sum, pause) => sum + pause, 0) > 2000);
  });

  test("is not retried endlessly", async (context) => {
    const { client, requests } = await forgetful(context, 100);
    await client.roles();
    assert.match(
      (await errorOf(client.createGroup("a", {}))).message,
      /refuses the API token .*no such user/,
    );
    assert.equal(requests.length, 6);
  });

  test("is not retried if it was never accepted", async (context) => {
    skipPauses(context);
    const { url, requests } = await serve(context, (_request, response) => {
      response.writeHead(401, "no such user ('root@pam')").end();
    });
    await errorOf(new ProxmoxClient({ url, credential }).createGroup("a", {}));
    assert.equal(requests.filter((request) => request.startsWith("POST")).length, 1);
  });
});

for (const [product, name, key] of [
  ["pbs", "Proxmox Backup Server", "backup"],
  ["pdm", "Proxmox Datacenter Manager", "datacenter-manager"],
] as const) {
  test(`${name} is recognized by its list of realms, and no other answer of it is used`, async (context) => {
    const { url } = await serve(context, (request, response) => {
      const isList = request.url?.endsWith("/access/domains");
      const { status, reason, body } = recordedFailure(`${product} ${isList ? "realms" : "refused token"}`);
      response.writeHead(status, reason, json).end(body);
    });
    const client = new ProxmoxClient({ url, credential });
    for (const call of [client.version(), client.realm("a"), client.deleteRealm("a")]) {
      assert.match(
        (await errorOf(call)).message,
        new RegExp(
          `${url} is the address of ${name}, not of Proxmox VE\\. Give the address .* or set \`product: ${key}\``,
        ),
      );
    }
  });
}

test("Proxmox Mail Gateway is recognized by the title of its page", async (context) => {
  const { url } = await serve(context, (request, response) => {
    if (request.url === "/") response.end("<html><title>mail - Proxmox Mail Gateway</title></html>");
    else response.writeHead(401, "No ticket").end();
  });
  assert.match(
    (await errorOf(new ProxmoxClient({ url, credential }).version())).message,
    /is the address of Proxmox Mail Gateway, not of/,
  );
});

suite("a Proxmox behind a gateway's path", () => {
  /** A gateway that serves only this path. */
  async function behindGateway(
    context: TestContext,
  ): Promise<{ url: string; proxmox: RunningProxmox; paths: string[] }> {
    const proxmox = await startProxmox({
      port: 0,
      rootPassword: "a good password",
      authenticationDelayMs: 0,
    });
    context.after(() => proxmox.close());
    const paths: string[] = [];
    const { url } = await serve(context, (request, response) => {
      paths.push(request.url ?? "");
      const inner = /^\/pve(\/.*)$/.exec(request.url ?? "")?.[1];
      if (inner === undefined) return response.writeHead(404).end();
      const target = send(new URL(inner, proxmox.url), {
        method: request.method ?? "GET",
        headers: request.headers,
        ca: proxmox.caPem,
      });
      target.on("response", (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.statusMessage, answer.headers);
        answer.pipe(response);
      });
      return request.pipe(target);
    });
    return { url: `${url}/pve/`, proxmox, paths };
  }

  test("gets each request below the path: login, reads, writes and those of the proof", async (context) => {
    const { url, paths } = await behindGateway(context);
    const login = { username: "root@pam", password: "a good password", configKey: "k" };
    const client = new ProxmoxClient({ url, credential: login });
    await client.createGroup("a", {});
    assert.equal((await client.group("a"))?.groupid, "a");
    await client.deleteGroup("a");
    const proof = new ProxmoxLogin({ url, tokenConfigKey: "proxmoxToken" }, "sso", undefined);
    assert.equal(await proof.whyUnanswered(), undefined);
    await assert.rejects(proof.authorizationUrl("https://pve.example.com"), /'sso' does not exist/);
    assert.ok(
      paths.length >= 6 && paths.every((path) => path.startsWith("/pve/api2/json/")),
      paths.join(" "),
    );
  });
});
