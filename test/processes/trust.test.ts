import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, beforeEach, suite, test } from "node:test";
import { trust } from "../../cli/commands/trust";
import { backendOf } from "../../cli/init/backend";
import { askToFinish } from "../../cli/init/finish";
import { createCertificateAuthority } from "../../providers/pki/certificate";
import { printedBy } from "../commands/printed";
import { down, type Script, terminalWith } from "../init/typist";

/** Writes its input to a file with the target's name. `root@down.example.com` cannot be reached. */
const fakeSsh = `#!/bin/sh
[ "$2" = root@down.example.com ] && { echo "ssh: connect to host down.example.com port 22: No route to host" >&2; exit 255; }
{ echo "$3"; cat; } > "$SSH_LOG/$2"
`;

suite("npm run trust", () => {
  let folder: string;
  let log: string;
  let ca: string;
  const path = process.env.PATH;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "trust-"));
    await writeFile(join(folder, "ssh"), fakeSsh);
    await chmod(join(folder, "ssh"), 0o755);
    process.env.PATH = `${folder}${delimiter}${path}`;
    ca = (await createCertificateAuthority("the CA", "auth.example.com")).certificate;
  });
  beforeEach(async () => {
    log = await mkdtemp(join(folder, "log-"));
    process.env.SSH_LOG = log;
  });
  after(async () => {
    process.env.PATH = path;
    delete process.env.SSH_LOG;
    await rm(folder, { recursive: true });
  });

  const pulumi =
    (config: Record<string, string>, outputs: object = {}) =>
    async ([first, second]: string[]) => {
      if (first === "config") {
        const values = Object.entries(config).map(([key, value]) => [
          key.includes(":") ? key : `proxmox-authentik-sso:${key}`,
          { value, secret: /oken/.test(key) },
        ]);
        return JSON.stringify(Object.fromEntries(values));
      }
      return JSON.stringify(second === "output" ? outputs : { deployment: {} });
    };

  const existing = (changes: Record<string, string> = {}) => ({
    deployAuthentik: "false",
    authentikUrl: "https://auth.example.com",
    proxmoxAddresses:
      '["https://pve1.example.com:8006","https://[2001:db8::7]:8006","https://pve1.example.com"]',
    allowEveryone: "true",
    "pulumi-nodejs:authentikToken": "a-token-of-authentik",
    "pulumi-nodejs:proxmoxToken": "root@pam!sso=6a4e2c9f-31c0-4c5e-9f0a-7d1d4f5b8a02",
    ...changes,
  });

  test("sends the CA to every node once, through ssh's standard input", async () => {
    const run = () => trust(pulumi(existing({ authentikCaCertificate: ca })), { yes: true });
    const { code, output } = await printedBy(run);
    assert.equal(code, 0, output);
    assert.deepEqual((await readdir(log)).sort(), ["root@2001:db8::7", "root@pve1.example.com"]);
    const given = await readFile(join(log, "root@pve1.example.com"), "utf8");
    assert.ok(given.startsWith("sh -e -s\n"));
    assert.ok(given.includes(ca.trim()) && given.endsWith("\nupdate-ca-certificates\n"));
  });

  test("keeps the CA of the last up next to another one", async () => {
    const old = (await createCertificateAuthority("the old CA")).certificate;
    const config = existing({ authentikCaCertificate: ca });
    await printedBy(() => trust(pulumi(config, { caCertificate: old }), { yes: true, node: ["pve9"] }));
    const given = await readFile(join(log, "pve9"), "utf8");
    assert.ok(given.includes(old.trim()) && given.includes(ca.trim()));
  });

  test("continues after a node that cannot be reached, and names it", async () => {
    const node = ["root@down.example.com", "admin@pve2"];
    const { code, output } = await printedBy(() =>
      trust(pulumi(existing({ authentikCaCertificate: ca })), { yes: true, node }),
    );
    assert.equal(code, 1);
    assert.match(output, /root@down\.example\.com: .*No route to host/s);
    assert.match(output, /1 of 2 nodes failed/);
    assert.deepEqual(await readdir(log), ["admin@pve2"]);
  });

  test("runs nothing without a yes", async () => {
    const { code, output } = await printedBy(() =>
      trust(pulumi(existing({ authentikCaCertificate: ca })), {}),
    );
    assert.equal(code, 1);
    assert.match(output, /update-ca-certificates/);
    assert.match(output, /add --yes/);
    assert.deepEqual(await readdir(log), []);
  });

  /** The state after the preview of `init`. */
  async function finish(config: Record<string, string>, script: Script, flags: Record<string, string> = {}) {
    const isSilent = script.length === 0;
    const { terminal, assertAllAsked } = terminalWith(script, { flags, isScript: isSilent });
    let goesUp: boolean | undefined;
    const { output } = await printedBy(async () => {
      goesUp = await askToFinish({ terminal, stack: "prod", pulumi: pulumi(config), isSilent }, false);
      return 0;
    });
    assertAllAsked();
    return { goesUp, output };
  }

  test("is offered by init before the first up, through ssh", async () => {
    const config = existing({ authentikCaCertificate: ca });
    const { goesUp } = await finish(config, [
      [/Each node of Proxmox must trust/, ""],
      [/Do it\?/, down],
    ]);
    assert.equal(goesUp, true);
    assert.deepEqual((await readdir(log)).sort(), ["root@2001:db8::7", "root@pve1.example.com"]);
  });

  test("is offered by init as lines to paste, and an answer of no keeps the stack", async () => {
    const config = existing({ authentikCaCertificate: ca });
    const { goesUp, output } = await finish(config, [
      [/Each node of Proxmox must trust/, down],
      [/Do it\?/, "\x03"],
    ]);
    assert.equal(goesUp, false);
    assert.match(output, /update-ca-certificates$/m);
    assert.deepEqual(await readdir(log), []);
  });

  test("is named by init without questions, and is left out with a public certificate", async () => {
    const config = existing({ authentikCaCertificate: ca });
    const silent = await finish(config, []);
    assert.match(silent.output, /Each node must trust the CA first: npm run trust -- --stack prod/);
    const print = await finish(config, [], { trust: "print" });
    assert.match(print.output, /update-ca-certificates$/m);
    const others = await finish(existing(), [[/Do it\?/, ""]]);
    assert.match(others.output, /so the nodes need none/);
    assert.equal(others.goesUp, false);
    assert.deepEqual(await readdir(log), []);
  });

  test("has nothing to do without a CA", async () => {
    const { code, output } = await printedBy(() => trust(pulumi(existing()), { yes: true }));
    assert.equal(code, 0);
    assert.match(output, /the nodes need none/);
    assert.deepEqual(await readdir(log), []);
  });
});

suite("npm run init, where Pulumi is not logged in", () => {
  const local = "file://~?metadata=skip";

  function loggedOut() {
    const calls: string[] = [];
    const pulumi = async (args: string[]) => {
      calls.push(args.join(" "));
      if (args[0] === "whoami") throw new Error("PULUMI_ACCESS_TOKEN must be set for login");
      return "";
    };
    return { calls, pulumi };
  }

  test("logs in to a folder on this machine, if the user agrees", async () => {
    const { calls, pulumi } = loggedOut();
    const { terminal, assertAllAsked } = terminalWith([[/Pulumi keeps a record/, ""]]);
    assert.equal(await backendOf(pulumi, terminal), local);
    assertAllAsked();
    assert.deepEqual(calls, ["whoami --json", `login ${local}`]);
    const byFlag = terminalWith([], { flags: { login: "local" }, isScript: true });
    assert.equal(await backendOf(pulumi, byFlag.terminal), local);
  });

  test("does not log in without an answer", async () => {
    const { calls, pulumi } = loggedOut();
    const own = terminalWith([[/Pulumi keeps a record/, down]]);
    await assert.rejects(backendOf(pulumi, own.terminal), /Log in first: `pulumi login/);
    const silent = terminalWith([], { isScript: true });
    await assert.rejects(backendOf(pulumi, silent.terminal), /answer `--login local`/);
    assert.ok(!calls.some((call) => call.startsWith("login")));
  });
});
