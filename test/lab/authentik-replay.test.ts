import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { comparable, type Exchange, readExchanges } from "./authentik-recordings";
import { Replay, type ReplayedAnswer } from "./authentik-replay";

const TOKEN = "replayed-token";
/** The key that the recorded server generated: 4096 bits would take seconds here, so it is imported. */
const GENERATED_KEY = { recorded: "d141fbbc-0d88-4ff9-9b4b-386da8162ef6", name: "rig-rsa" };

describe("the simulated authentik answers as the real one did", () => {
  let authentik: RunningAuthentik;
  let replay: Replay;
  const exchanges = readExchanges("2026.5");

  before(async () => {
    authentik = await startAuthentik({
      bootstrap: { token: TOKEN, password: "unused", email: "admin@example.com" },
    });
    replay = new Replay(authentik.httpUrl, TOKEN, { "<USER_PASSWORD>": "rig-user-pass" });
    replay.alias(GENERATED_KEY.recorded, await importKey(exchanges));
  });

  after(() => authentik.close());

  for (const exchange of exchanges) {
    it(exchange.name, async () => {
      assert.deepEqual(observed(await replay.send(exchange)), expected(exchange));
    });
  }

  function observed(answer: ReplayedAnswer) {
    return {
      status: answer.status,
      allow: answer.allow,
      location: comparable(answer.location, authentik.httpUrl),
      cookies: answer.cookies,
      body: comparable(withHeadingOnly(answer.body), authentik.httpUrl),
    };
  }

  function expected(exchange: Exchange) {
    const { status, allow, location, cookies, heading, answer } = exchange;
    const body = heading === undefined ? (answer ?? "") : { heading };
    return {
      status,
      allow,
      location: comparable(location, authentik.httpUrl),
      cookies: cookies ?? [],
      body: comparable(body, authentik.httpUrl),
    };
  }

  async function importKey(recorded: Exchange[]): Promise<string> {
    const imported = recorded.find((exchange) => exchange.name === "055-cert-import-rsa")?.body;
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pair = await post("/api/v3/crypto/certificatekeypairs/", {
      ...(typeof imported === "object" ? imported : {}),
      name: GENERATED_KEY.name,
      key_data: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
    });
    return pair.pk;
  }

  async function post(path: string, body: unknown): Promise<{ pk: string }> {
    const response = await fetch(authentik.httpUrl + path, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    assert.equal(response.status, 201);
    const made: { pk: string } = JSON.parse(await response.text());
    return made;
  }
});

function withHeadingOnly(body: unknown): unknown {
  if (typeof body !== "string" || !body.startsWith("<!DOCTYPE")) return body;
  return { heading: /<h1[^>]*>([^<]*)<\/h1>/.exec(body)?.[1] };
}
