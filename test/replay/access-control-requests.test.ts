import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startAccessControl } from "../../lab/access-control/server";
import { AccessControlClient } from "../../providers/accessControl/client";
import type { Product } from "../../providers/accessControl/product";
import { backupServer } from "../../providers/backupServer/product";
import { datacenterManager } from "../../providers/datacenterManager/product";
import { definitions } from "../../providers/registry";
import { Life } from "../resources/life";
import { providerOf } from "../resources/simulators";
import { type Exchange, readRecording } from "./exchange";

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

const servers: readonly [kind: "backup" | "datacenter-manager", product: Product, recording: string][] = [
  ["backup", backupServer, "pbs-4.2.3"],
  ["datacenter-manager", datacenterManager, "pdm-1.1.7"],
];

/** Recorded in POST, and in PUT with `firstname`. The API's schema has it in both. */
const notRecorded = ["PUT /api2/json/access/users/* lastname"];

/** A request without the names of its objects, with its fields. */
function shapeOf({ method, path, body }: Sent): { call: string; fields: string[] } {
  const { pathname, searchParams } = new URL(path, "https://server");
  const call = `${method} ${pathname.replace(/(\/(?:openid|users|token)\/)[^/]+(?=$|\/token)/g, "$1*")}`;
  return { call, fields: [...searchParams.keys(), ...new URLSearchParams(body).keys()] };
}

function accepted(exchanges: readonly Exchange[]): Map<string, Set<string>> {
  const shapes = new Map<string, Set<string>>();
  for (const { method, path, body, status, headers } of exchanges) {
    const isForm = !headers["content-type"]?.startsWith("application/json");
    if (status !== 200 || !isForm) continue;
    const { call, fields } = shapeOf({ method, path, body: typeof body === "string" ? body : "" });
    shapes.set(call, new Set([...(shapes.get(call) ?? []), ...fields]));
  }
  return shapes;
}

for (const [kind, product, recording] of servers) {
  suite(`every request that the program sends to ${product.name} was recorded with a real server`, () => {
    test("by method, path and fields", async () => {
      const sent: Sent[] = [];
      const token = "root@pam!test:11111111-1111-4111-8111-111111111111";
      const server = await startAccessControl({
        product: kind,
        port: 0,
        rootPassword: "p4ssword",
        tokens: [token],
        onRequest: (request) => sent.push(request),
      });
      try {
        await liveThrough(product, { url: server.url, caCertificate: server.caPem }, token);
        const trust = { url: server.url, caCertificate: server.caPem };
        const credential = { username: "root@pam", password: "p4ssword", configKey: "" };
        const root = new AccessControlClient(product, { ...trust, credential });
        await root.version();
        // npm run init
        const user = `sso-prod@${product.ownRealm}`;
        await root.createUser(user, { comment: "proxmox-authentik-sso, stack prod" });
        await root.createToken(user, "sso");
      } finally {
        await server.close();
      }
      const recorded = accepted(readRecording(recording));
      const unknown = sent.map(shapeOf).flatMap(({ call, fields }) => {
        const known = recorded.get(call);
        if (known === undefined) return [call];
        return fields.filter((field) => !known.has(field)).map((field) => `${call} ${field}`);
      });
      assert.deepEqual([...new Set(unknown)], notRecorded);
      const methods = new Set(sent.map(({ method }) => method));
      assert.deepEqual([...methods].sort(), ["DELETE", "GET", "POST", "PUT"]);
    });
  });
}

/** Each resource with all of its options, and then without them. */
async function liveThrough(product: Product, proxmox: object, token: string): Promise<void> {
  const lives: Life[] = [];
  async function live(kind: string, needed: object, options: object): Promise<void> {
    const definition = definitions.find(({ type }) => type === `${product.module}:${kind}`);
    assert.ok(definition);
    const life = new Life(await providerOf(definition, { [product.tokenConfigKey]: token }));
    await life.create({ proxmox, ...needed, ...options });
    await life.refresh();
    await life.update({ proxmox, ...needed });
    await life.update({ proxmox, ...needed, ...options });
    lives.push(life);
  }
  const [role = ""] = product.roles;
  await live(
    "OpenIdRealm",
    { realm: "corp", issuerUrl: "https://auth.example.com/", clientId: "id", usersOnDelete: "remove" },
    {
      clientKey: "key",
      autocreate: false,
      default: true,
      comment: "SSO",
      scopes: "email",
      prompt: "login",
      acrValues: "gold",
      audiences: "api",
    },
  );
  await live(
    "User",
    { userId: "alice@corp" },
    {
      comment: "x",
      email: "a@example.com",
      firstName: "Alice",
      lastName: "Doe",
      expires: "2040-01-01",
      enabled: false,
    },
  );
  await live("Acl", { path: "/", role, users: ["alice@corp"] }, { propagate: false });
  for (const life of lives.toReversed()) await life.delete();
}
