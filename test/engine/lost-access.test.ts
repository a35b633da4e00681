import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { verify } from "../../cli/commands/verify";
import { accessOfTwoGroups } from "./access-config";
import { assertUnchanged, configFor } from "./harness";
import { Servers } from "./servers";
import { Stack } from "./stack";

describe("access that is lost in authentik", () => {
  let servers: Servers;
  let stack: Stack;

  before(async () => {
    servers = await Servers.start();
    const { plain, secret } = configFor(servers);
    const { allowEveryone: _, testUsername: __, ...rest } = plain;
    const { testPassword: ___, ...credentials } = secret;
    stack = await Stack.create({ plain: { ...rest, ...accessOfTwoGroups }, secret: credentials });
    await stack.up();
  });
  after(async () => {
    await stack?.remove();
    await servers?.stop();
  });

  /** Output and exit code of `npm run verify`. */
  async function verified(): Promise<{ code: number; said: string }> {
    const [log, error] = [console.log, console.error];
    const lines: string[] = [];
    console.log = console.error = (line: string) => lines.push(line);
    try {
      return { code: await verify((args, input) => stack.capture(args, input)), said: lines.join("\n") };
    } finally {
      [console.log, console.error] = [log, error];
    }
  }

  const bindings = () => servers.listInAuthentik("policies/bindings/");

  it("does not exist at first", async () => {
    const { code, said } = await verified();
    assert.equal(code, 0, said);
    assert.match(said, /A user that the proof made logged in .*The roles of the group "pve-users" arrived\./);
  });

  it("is reported by verify and by a refresh if a binding is deleted by hand", async () => {
    const group = (await servers.listInAuthentik("core/groups/")).find(({ name }) => name === "pve-users");
    const binding = (await bindings()).find((one) => one.group === group?.pk);
    await servers.inAuthentik("DELETE", `policies/bindings/${binding?.pk}/`);
    const { code, said } = await verified();
    assert.equal(code, 1);
    assert.match(said, /The binding of the group "pve-users" is gone: its members cannot log in/);
    assert.doesNotMatch(said, /everybody/);
    assert.match(await stack.refresh(), /1 of the 3 declared bindings is gone/);
    await stack.up();
    assert.equal((await verified()).code, 0);
  });

  it("is reported if no binding is left, and the next up closes the application again", async () => {
    for (const { pk } of await bindings()) await servers.inAuthentik("DELETE", `policies/bindings/${pk}/`);
    assert.match((await verified()).said, /No binding is left: everybody with an account .* may log in/);
    assert.match(await stack.refresh(), /No binding is left: until the next up, everybody/);
    await stack.up();
    assert.equal((await bindings()).length, 4);
    assert.equal((await verified()).code, 0);
    assertUnchanged(await stack.up());
  });

  it("is reported by verify and by a refresh if somebody renames a group, with the fix", async () => {
    const group = (await servers.listInAuthentik("core/groups/")).find(({ name }) => name === "pve-users");
    await servers.inAuthentik("PATCH", `core/groups/${group?.pk}/`, { name: "Users of Proxmox" });
    const renamed =
      /"pve-users" is now called "Users of Proxmox" in authentik\. To follow, rename it in `access`/;
    const { code, said } = await verified();
    assert.equal(code, 1);
    assert.match(said, renamed);
    assert.match(await stack.refresh(), renamed);
  });
});
