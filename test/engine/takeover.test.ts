import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { takeover } from "../../scripts/commands/takeover";
import { type ByHand, setUpByHand, slug } from "../commands/by-hand";
import { printedBy } from "../commands/printed";
import { assertUnchanged, configFor } from "./harness";
import { type JsonObject, Servers } from "./servers";
import { Stack } from "./stack";

/** The objects that a login needs, as the servers tell them. */
interface Objects {
  provider: JsonObject;
  application: JsonObject;
  realm: JsonObject;
}

describe("taking over what was set up by hand", () => {
  let servers: Servers;
  let stack: Stack;
  let made: ByHand;
  let previous: Objects;
  let printed: string;

  before(async () => {
    servers = await Servers.start();
    made = await setUpByHand(servers);
    await servers.inAuthentik("PATCH", `core/applications/${slug}/`, { meta_description: "Hypervisors" });
    previous = await objects();
    const { plain, secret } = configFor(servers);
    const { allowEveryone: _, ...known } = plain;
    stack = await Stack.create({ plain: known, secret });
  });
  after(async () => {
    await stack?.remove();
    await servers?.stop();
  });

  async function objects(): Promise<Objects> {
    const [provider, application, realm] = await Promise.all([
      servers.provider(),
      servers.application(),
      servers.realm(),
    ]);
    return { provider, application, realm };
  }

  it("writes a config that says all of it, prints no secret, and changes no server", async () => {
    const { code, output } = await printedBy(() =>
      takeover((args, input) => stack.capture(args, input), { write: true }),
    );
    assert.equal(code, 0, output);
    printed = output;
    assert.match(output, /^ {2}proxmox-authentik-sso:applicationSlug: pve$/m);
    assert.ok(!output.includes(String(made.provider.client_secret)));
    assert.deepEqual(await objects(), previous);
  });

  it("is then brought under the stack by one up, which proves the login", async () => {
    assert.match(await stack.up(), /\\"akadmin@authentik\\" logged in through authentik/);
    const { provider, application, realm } = await objects();
    for (const key of ["pk", "client_id", "client_secret"]) assert.equal(provider[key], made.provider[key]);
    assert.equal(application.pk, made.application.pk);
    assert.equal(realm["client-key"], made.provider.client_secret);
  });

  it("changed on the servers what was announced, and nothing else", async () => {
    const now = await objects();
    const changed = (["provider", "application", "realm"] as const).flatMap((kind) =>
      Object.keys({ ...previous[kind], ...now[kind] })
        .filter((key) => key !== "digest" && key !== "provider_obj")
        .filter((key) => JSON.stringify(previous[kind][key]) !== JSON.stringify(now[kind][key]))
        .map((key) => `${kind}: ${key}`),
    );
    assert.deepEqual(changed.sort(), [
      "application: meta_description",
      "application: meta_launch_url",
      "provider: name",
      "provider: signing_key",
      "realm: comment",
    ]);
    const announced = [...printed.matchAll(/^# {3}- (\w+: \w+) /gm)].map(([, change]) => change);
    assert.deepEqual(announced.sort(), [
      "application: description",
      "application: launchUrl",
      "provider: its",
      "provider: name",
      "realm: comment",
    ]);
  });

  it("stays as it is from then on, without `adopt` too", async () => {
    assertUnchanged(await stack.up());
    await stack.unset("adopt");
    assertUnchanged(await stack.up());
  });
});
