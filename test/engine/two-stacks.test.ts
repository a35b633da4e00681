import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { assertUnchanged, changes, configFor } from "./harness";
import { empty, Servers } from "./servers";
import { Stack } from "./stack";

describe("two stacks on the same authentik and Proxmox, run at the same time,", () => {
  let servers: Servers;
  let stacks: Stack[];

  before(async () => {
    servers = await Servers.start();
    const { plain, secret } = configFor(servers);
    const names = (name: string) => ({
      realm: name,
      applicationName: name,
      applicationSlug: name,
      realmDefault: "true",
    });
    stacks = await Promise.all(
      ["first", "second"].map((name) => Stack.create({ plain: { ...plain, ...names(name) }, secret })),
    );
  });
  after(async () => {
    for (const stack of stacks ?? []) await stack.remove();
    await servers?.stop();
  });

  it("both complete with a proved login", async () => {
    const outputs = await Promise.all(stacks.map((stack) => stack.up()));
    for (const output of outputs) assert.match(output, /logged in through authentik/);
    const { applications, realms } = await servers.inventory();
    assert.deepEqual(
      [applications.sort(), realms.sort()],
      [
        ["first", "second"],
        ["first", "second"],
      ],
    );
  });

  it("do not compete for the default realm silently: the one that lost it reports it", async () => {
    const outputs: string[] = [];
    for (const stack of stacks) outputs.push(await stack.refresh());
    const lost = outputs.filter((output) => changes(output).includes("~ 1 updated"));
    assert.equal(lost.length, 1, outputs.join("\n"));
    for (const output of outputs.filter((one) => !lost.includes(one))) assertUnchanged(output);
  });

  it("are both removed", async () => {
    await Promise.all(stacks.map((stack) => stack.destroy()));
    assert.deepEqual(await servers.inventory(), empty);
  });
});
