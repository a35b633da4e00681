import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { after, before, suite, test } from "node:test";
import { readinessDefinition } from "../../providers/authentik/readiness";
import { Life } from "./life";
import { providerOf } from "./simulators";

/** A line as Docker's engine returns it: with a header that contains its stream and its length. */
function framed(line: string): Buffer {
  const text = Buffer.from(`${line}\n`);
  const header = Buffer.alloc(8);
  header[0] = 2;
  header.writeUInt32BE(text.length, 4);
  return Buffer.concat([header, text]);
}

suite("an authentik that does not start", () => {
  let server: Server;
  let url = "";
  let logs: Record<string, string[]> = {};
  let asked: string[] = [];

  before(async () => {
    // Both Docker's engine and an authentik that never becomes ready.
    server = createServer((request, response) => {
      const [, container] = /^\/containers\/(\w+)\/logs/.exec(request.url ?? "") ?? [];
      if (container === undefined) return response.writeHead(503).end("authentik starting");
      asked.push(request.url ?? "");
      const lines = logs[container];
      if (lines === undefined) return response.writeHead(404).end('{"message":"no such container"}');
      return response.end(Buffer.concat(lines.map(framed)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `127.0.0.1:${Object(server.address()).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  async function failure(lines: Record<string, string[]>, waitSeconds: number): Promise<string> {
    logs = lines;
    asked = [];
    const life = new Life(await providerOf(readinessDefinition));
    const inputs = {
      authentik: { url: `http://${url}` },
      waitSeconds,
      runsOn: ["server", "worker"],
      docker: { host: `tcp://${url}` },
    };
    return life.create(inputs).then(
      () => "ready",
      (error) => String(error.message),
    );
  }

  for (const [line, advice] of [
    [
      "SystemCheckError: Major version skips are not allowed. Upgrade from 2025.10 to 2025.12 first.",
      /Set authentikImage back to the last image that worked, and upgrade release by release/,
    ],
    [
      "django.db.migrations.exceptions.InconsistentMigrationHistory: Migration a.1 is applied before b.2",
      /Set authentikImage to 2026\.8\.7 or later/,
    ],
    [
      "Error: Address family not supported by protocol (os error 97)",
      /no IPv6: pulumi config set ipv6 false/,
    ],
    ["Error: invalid IP address syntax", /AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS .*172\.16\.0\.15\/32/],
  ] as const) {
    test(`is reported at once, with the fix: ${line.slice(0, 50)}`, async () => {
      const begun = Date.now();
      const message = await failure({ server: ["starting", line, "restarting"], worker: [] }, 60);
      assert.ok(Date.now() - begun < 20_000, "it is not waited for");
      assert.ok(message.includes(`authentik does not start: its log says "${line}". `), message);
      assert.match(message, advice);
    });
  }

  const toServer = 'connection to server at "10.0.0.5", port 5432 failed';
  for (const [said, advice] of [
    ["psycopg.OperationalError: FATAL: sorry, too many clients already", /max_connections/],
    [
      `PostgreSQL connection failed, retrying... (${toServer}: FATAL:  password authentication failed for user "a")`,
      /refuses the login: set `postgresUser` and `postgresPassword`/,
    ],
    [`${toServer}: FATAL:  database "sso" does not exist`, /correct `postgresDatabase`/],
    [`${toServer}: FATAL:  no pg_hba.conf entry for host "10.0.0.6"`, /Allow this connection in pg_hba/],
    ["psycopg.errors.InsufficientPrivilege: permission denied for schema public", /owner of the database/],
    [
      `PostgreSQL connection failed, retrying... (${toServer}: Connection refused\tIs the server running?)`,
      /`postgresHost` and `postgresPort`/,
    ],
    [
      "PostgreSQL connection failed, retrying... ([Errno -2] Name or service not known)",
      /`postgresHost` and `postgresPort`/,
    ],
  ] as const) {
    test(`is reported at the end of the wait if it may still start: ${said.slice(-40)}`, async () => {
      const message = await failure({ server: [], worker: [said] }, 1);
      assert.match(message, /not ready after \d+ s: its health endpoint .*; its log says "/);
      assert.ok(message.includes(`; its log says "${said}". `), message);
      assert.match(message, advice);
    });
  }

  test("is reported without a cause if the logs contain none, or cannot be read", async () => {
    assert.match(await failure({ server: ["all is well"] }, 1), /health endpoint does not report ready yet$/);
    assert.ok(
      asked.some((path) => /^\/containers\/worker\/logs\?.*since=\d{10}/.test(path)),
      asked.join(),
    );
  });
});
