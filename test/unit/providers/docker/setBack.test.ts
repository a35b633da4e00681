import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { DefinedProvider } from "../../../../providers/core/provider";
import { dataVersionsDefinition } from "../../../../providers/docker/dataVersions";

/** The output of `SELECT count(*) FROM django_migrations`. Undefined if the container does not run. */
let printed: string | undefined;
let folder: string;
let engine: Server;

/** The part of Docker's API that runs one command in a container. */
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "set-back-"));
  engine = createServer((request, response) => {
    const isStart = /^\/exec\/1\/start/.test(request.url ?? "");
    if (printed === undefined) response.writeHead(409).end(JSON.stringify({ message: "is not running" }));
    else if (isStart) response.end(printed);
    else {
      assert.equal(request.url, "/containers/prod-postgres/exec");
      response.end(JSON.stringify({ Id: "1" }));
    }
    request.resume();
  });
  await new Promise<void>((resolve) => engine.listen(join(folder, "docker.sock"), resolve));
});
after(async () => {
  engine.close();
  await rm(folder, { recursive: true });
});

type Properties = Record<string, unknown>;
const provider = new DefinedProvider(dataVersionsDefinition);
const known = (ran: string) => ({
  ran,
  database: { docker: { host: `unix://${join(folder, "docker.sock")}` }, container: "prod-postgres" },
});
const data = { data: "database", postgres: 16 };

/** An `up` with another image: its refusal, or the state after it. */
async function change(state: Properties, wanted: Properties): Promise<Properties> {
  const { failures = [], inputs } = await provider.check(state, { ...data, ...wanted });
  const [failure] = failures;
  if (failure) throw new Error(failure.reason);
  return (await provider.update("database", state, inputs ?? {})).outs ?? {};
}

/** A state in which 2026.5.7 ran, and then 2026.8.0 was tried and did not become ready. */
async function afterFailedUpgrade(ran = known("2026.5.7")): Promise<Properties> {
  const { outs = {} } = await provider.create({ ...data, authentik: "2026.5.7", known: {} });
  printed = "1041\r\n";
  return change(outs, { authentik: "2026.8.4", known: ran });
}

suite("an image whose server refused the data", () => {
  test("can be set back to the previous one while the database has exactly its migrations", async () => {
    const state = await afterFailedUpgrade();
    assert.deepEqual(state.counted, { ran: "2026.5.7", migrations: 1041 });
    const { authentik } = await change(state, { authentik: "2026.5.7", known: known("2026.5.7") });
    assert.equal(authentik, "2026.5.7");
  });

  test("can be replaced by a later one, and then set back", async () => {
    const state = await change(await afterFailedUpgrade(), {
      authentik: "2026.8.7",
      known: known("2026.5.7"),
    });
    assert.deepEqual(state.counted, { ran: "2026.5.7", migrations: 1041 });
    await change(state, { authentik: "2026.5.9", known: known("2026.5.7") });
  });

  test("is not set back if its server has changed the database", async () => {
    const state = await afterFailedUpgrade();
    printed = "1102\r\n";
    await assert.rejects(
      change(state, { authentik: "2026.5.7", known: known("2026.5.7") }),
      /2026\.8\.4 has begun to change the database, so 2026\.5\.7 may not work on it.*docs\/backup\.md/,
    );
  });

  test("is not set back if the database cannot confirm it", async () => {
    const state = await afterFailedUpgrade();
    printed = undefined;
    const back = { authentik: "2026.5.7", known: known("2026.5.7") };
    await assert.rejects(change(state, back), /has changed the database is unknown/);
    const { counted: _, ...uncounted } = state;
    printed = "1041\r\n";
    await assert.rejects(change(uncounted, back), /has changed the database is unknown/);
  });

  test("can be set back on an external database, which cannot be queried", async () => {
    const state = await afterFailedUpgrade();
    const { counted: _, known: __, ...external } = state;
    await change(external, { authentik: "2026.5.7", known: { ran: "2026.5.7", isExternal: true } });
  });

  test("is never set back to before the version that ran, nor after it has run", async () => {
    const state = await afterFailedUpgrade();
    await assert.rejects(
      change(state, { authentik: "2026.5.6", known: known("2026.5.7") }),
      /cannot go back from 2026\.5\.7 to 2026\.5\.6/,
    );
    await assert.rejects(
      change(state, { authentik: "2026.5.7", known: known("2026.8.4") }),
      /cannot go back from 2026\.8\.4 to 2026\.5\.7/,
    );
  });
});

suite("the version that the server reports", () => {
  test("decides about an upgrade, independent of the image's tag", async () => {
    const { outs = {} } = await provider.create({ ...data, authentik: "2026.5.0", known: {} });
    await assert.rejects(
      change(outs, { authentik: "2026.8.0", known: known("2026.2.3") }),
      /between 2026\.2\.3 and 2026\.8\.0 there is 2026\.5\./,
    );
  });

  test("starts with the data: other data have another one", async () => {
    const { outs = {} } = await provider.create({ ...data, authentik: "2026.5.7", known: {} });
    assert.ok(outs.begun);
    const other = await change(outs, { data: "database-2", authentik: "2026.2.3", known: {} });
    assert.ok(String(other.begun) >= String(outs.begun));
    assert.equal((await provider.read("database", outs)).props?.begun, outs.begun);
  });
});
