import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import Docker from "dockerode";
import { projectRoot } from "../../cli/paths";
import { logInByClicks, withPage } from "../browser/login";
import { blocksOf, read, sectionOf } from "../docs/markdown";
import { inFullRun, runsAll } from "../tools/sample";

const limitMs = 600_000;
const labFilter = { filters: { label: ["proxmox-authentik-sso.stack=proxmox-authentik-sso-dev"] } };

/** Expected output of each command in the README and the tutorial. */
const prints: Readonly<Record<string, RegExp>> = {
  "npm start": /A user that the proof made logged in through authentik .*authentik refused it while/i,
  "npm run --silent pulumi config get authentikBootstrapPassword": /^\S{20,}\n$/,
  "npm run --silent pulumi stack output": /issuerUrl +https:\/\/localhost:9443\/application\/o\/proxmox\//,
  "npm run verify": /A user that the proof made logged in/,
  'npm run --silent pulumi -- config set --path \'access["pve-users"]["/vms"]\' PVEVMUser': /^$/,
  "npm run --silent pulumi preview":
    /sso-permission-pve-users-\/vms-PVEVMUser +create.*\+ [1-9]\d* to create/s,
  "npm run --silent pulumi -- up --yes":
    /the proof made logged in .*roles of the group \\?"pve-users\\?" arrived.*\+ [1-9]\d* created/s,
  "npm run show": /\n {2}Drift +none\n.*\n {4}pve-users +PVEVMUser on \/vms +nobody is in it\n/s,
  "npm run stop": /The lab is gone/,
};

/** The commands of a page's sections, in order, without comments. */
function commandsOf(page: string, ...headings: string[]): string[] {
  return headings
    .flatMap((heading) => blocksOf(sectionOf(read(page), heading)))
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.split("\n"))
    .map((line) => line.replace(/ +#.*/, "").trim())
    .filter((line) => line !== "");
}

/** Runs the commands as written in a new clone of the committed files. A running lab must not disturb them. */
describe("a newcomer's commands", () => {
  let clone = "";
  const run = (command: string, cwd = clone) =>
    new Promise<string>((resolve, reject) => {
      const options = { cwd, timeout: limitMs, maxBuffer: 64 << 20 };
      execFile("sh", ["-c", command], options, (error, stdout, stderr) =>
        error ? reject(new Error(`${command}: ${error.message}\n${stdout}\n${stderr}`)) : resolve(stdout),
      );
    });
  const first = "npm start";
  const last = "npm run stop";
  const ofReadme = commandsOf("README.md", "Try it");
  const steps = ["1. Start the lab", "2. Log in", "3. Change who may log in", "4. Remove it"];
  const ofTutorial = commandsOf("docs/tutorial.md", ...steps);
  // Each command once, in the order of the tutorial.
  const others = new Set([...ofTutorial, ...ofReadme].filter((line) => line !== first && line !== last));

  const linkPackages = (from: string, to: string) =>
    run(`cp -al '${from}/node_modules' . && touch node_modules/.package-lock.json`, to);

  before(async () => {
    clone = await mkdtemp(join(tmpdir(), "clone-"));
    await run(`git clone --quiet '${projectRoot}' .`);
    // `npm test` has installed the same packages in this way a moment ago.
    if (!runsAll) await linkPackages(projectRoot, clone);
  });
  after(async () => {
    if (existsSync(join(clone, ".lab"))) await run("npm run stop");
    await rm(clone, { recursive: true, force: true });
  });

  async function runAsWritten(command: string): Promise<void> {
    const expected = prints[command];
    assert.ok(expected, `say in this test what \`${command}\` prints`);
    assert.match(await run(command), expected);
  }

  it(`${first} ends with a proved login of a user with permissions, and leaves git clean`, async () => {
    await runAsWritten(first);
    assert.equal(await run("git status --porcelain"), "");
  });

  it("npm start again changes nothing, and prints that", async () => {
    assert.match(await run(first), /Nothing changed/);
  });

  it("then akadmin logs in with a browser, at the printed address, with the printed password", async () => {
    const password = await run("npm run --silent pulumi config get authentikBootstrapPassword");
    await withPage(async (page) => {
      await logInByClicks("https://localhost:8006", password.trim(), page);
      assert.equal(await page.locator("#user").textContent(), "akadmin@authentik");
    });
  });

  it("then the doctor finds no problem", async () => {
    const { ok, findings } = JSON.parse(await run("npm run --silent doctor -- --json"));
    assert.equal(ok, true);
    assert.deepEqual(
      findings.filter(({ level }: { level: string }) => level !== "pass"),
      [],
    );
    assert.ok(findings.length >= 18, `${findings.length} findings`);
  });

  inFullRun(() => {
    it("a second clone's lab finds free ports and names next to it, and is removed without leftovers", async () => {
      const second = await mkdtemp(join(tmpdir(), "clone-"));
      const there = (command: string) => run(command, second);
      try {
        await there(`git clone --quiet '${projectRoot}' .`);
        await linkPackages(clone, second);
        const printed = await there(`${first} -- --all`);
        assert.match(printed, /A user that the proof made logged in to Proxmox Backup Server/);
        assert.match(printed, /A user that the proof made logged in to Proxmox Datacenter Manager/);
        assert.match(printed, /authentik is on 9453, since port 9443 is taken/);
        assert.match(printed, /Proxmox is on 8016, since port 8006 is taken/);
        assert.match(printed, /Open https:\/\/localhost:8016/);
        assert.match(await there("npm run verify"), /A user that the proof made logged in/);
        assert.match(await run("npm run verify"), /A user that the proof made logged in/);
        assert.match(await there("npm run stop"), /The lab is gone/);
        assert.match(await there("npm run verify 2>&1; true"), /`npm start`/);
      } finally {
        if (existsSync(join(second, ".lab"))) await there("npm run stop");
        await rm(second, { recursive: true, force: true });
      }
      assert.match(await run("npm run verify"), /A user that the proof made logged in/);
    });
  });

  for (const command of others) {
    it(command, () => runAsWritten(command));
  }

  it(`${last} leaves nothing`, async () => {
    await runAsWritten(last);
    const docker = new Docker();
    assert.deepEqual(await docker.listContainers({ all: true, ...labFilter }), []);
    assert.deepEqual((await docker.listVolumes(labFilter)).Volumes, []);
    assert.deepEqual(await docker.listNetworks(labFilter), []);
    assert.equal(existsSync(join(clone, ".lab")), false);
  });

  it("are the same first and last ones on both pages", () => {
    for (const commands of [ofReadme, ofTutorial]) {
      assert.equal(commands[0], first);
      assert.equal(commands.at(-1), last);
    }
  });
});
