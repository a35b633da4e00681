import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { suite, test } from "node:test";
import { serviceUnit, timerUnit } from "../../../cli/commands/timer";
import { keepCurrent } from "../../../cli/maintain/keep-current";
import { sendToWebhook } from "../../../cli/maintain/report";

suite("maintain renews certificates, and applies no other change", () => {
  const urn = (kind: string, name: string) =>
    `urn:pulumi:prod::proxmox-authentik-sso::x:y:Z$pulumi-nodejs:dynamic/${kind}::${name}`;
  const certificate = { op: "update", urn: urn("authentik:Certificate", "sso-certificate") };
  const proof = { op: "update", urn: urn("sso:LoginProof", "sso-proof") };
  const same = { op: "same", urn: urn("proxmox:OpenIdRealm", "sso-realm") };

  function stackWith(steps: object[]) {
    const calls: string[] = [];
    const pulumi = async ([command = ""]: string[]) => {
      calls.push(command);
      return command === "preview" ? JSON.stringify({ steps }) : "";
    };
    return { calls, pulumi };
  }

  test("does nothing if nothing is due", async () => {
    const { calls, pulumi } = stackWith([same]);
    assert.deepEqual(await keepCurrent(pulumi), []);
    assert.deepEqual(calls, ["preview"]);
  });

  test("runs up for a certificate that is due, and for its dependents", async () => {
    const { calls, pulumi } = stackWith([same, certificate, proof]);
    assert.deepEqual(await keepCurrent(pulumi), []);
    assert.deepEqual(calls, ["preview", "up"]);
  });

  test("runs up for a product whose users follow groups, even if its preview shows no changes", async () => {
    const members = { op: "same", urn: urn("sso:GroupMembers", "backup-members") };
    const { calls, pulumi } = stackWith([same, members]);
    assert.deepEqual(await keepCurrent(pulumi), []);
    assert.deepEqual(calls, ["preview", "up"]);
    const pending = stackWith([members, proof]);
    assert.equal((await keepCurrent(pending.pulumi)).length, 1);
    assert.deepEqual(pending.calls, ["preview"]);
  });

  for (const [what, steps] of [
    ["a change of the config", [proof]],
    ["a certificate that is replaced", [{ ...certificate, op: "replace" }]],
    ["a renewal next to something that is deleted", [certificate, { ...same, op: "delete" }]],
  ] as const) {
    test(`does not apply ${what}`, async () => {
      const { calls, pulumi } = stackWith([...steps]);
      const [problem] = await keepCurrent(pulumi);
      assert.match(problem ?? "", /pulumi up has changes to make that nobody has applied: \w+ sso-/);
      assert.deepEqual(calls, ["preview"]);
    });
  }

  test("reports a preview that fails", async () => {
    assert.deepEqual(await keepCurrent(() => Promise.reject(new Error("no passphrase"))), ["no passphrase"]);
  });
});

suite("maintain calls a webhook", () => {
  test("with a text for people and the problems as data", async () => {
    let body = "";
    const server = createServer((request, response) => {
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => response.end("ok"));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address: AddressInfo | string | null = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    await sendToWebhook(`http://127.0.0.1:${port}/hook`, "prod", ["one", "two\nlines"]);
    server.close();
    assert.deepEqual(JSON.parse(body), {
      text: "prod: single sign-on for Proxmox needs attention\n- one\n- two\n  lines",
      stack: "prod",
      problems: ["one", "two\nlines"],
    });
  });

  test("and an error does not contain its address", async () => {
    await assert.rejects(
      sendToWebhook("http://127.0.0.1:1/s3cret", "prod", ["one"]),
      (error) =>
        error instanceof Error &&
        /webhook could not be called/.test(error.message) &&
        !/s3cret/.test(error.message),
    );
  });
});

suite("timer", () => {
  test("escapes special characters of systemd", () => {
    const unit = serviceUnit("a%n", '/home/a "b"/%i/prod.timer.env');
    assert.match(unit, /^EnvironmentFile=-\/home\/a "b"\/%%i\/prod\.timer\.env$/m);
    assert.match(unit, /^ExecStart="[^"]+node" "[^"]+" "maintain" "--stack" "a%%n"$/m);
    assert.match(timerUnit("prod"), /^OnCalendar=/m);
  });
});
