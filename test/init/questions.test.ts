import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Cancelled } from "../../cli/init/ask";
import { backendOf } from "../../cli/init/backend";
import { askToFinish } from "../../cli/init/finish";
import { askForPassphrase } from "../../cli/init/passphrase";
import { askForStack } from "../../cli/init/questions";
import { AuthentikClient } from "../../providers/authentik/client";
import { type Lab, passwordOfAkadmin } from "../doctor/lab";
import { credentialQuestions } from "./credential-questions";
import { hostOf, startLab } from "./init-lab";
import { clear, down, type Script, terminalWith } from "./typist";

const sharedFingerprint = /([0-9A-F]{2}:){16}[ │]*\n│ +([0-9A-F]{2}:){15}[0-9A-F]{2}/;

describe("the questions of npm run init", { concurrency: 1, timeout: 60_000 }, () => {
  let lab: Lab;
  let stop: () => Promise<void>;

  before(async () => {
    ({ lab, stop } = await startLab());
  });
  after(() => stop());

  it("are seven for a new authentik on Docker, with root's password as the only credential", async () => {
    lab.proxmox.node.members = [
      { name: "localhost", ip: "127.0.0.1" },
      { name: "no-such-node-of-the-lab", ip: "127.0.0.2" },
    ];
    const { terminal, assertAllAsked, printed } = terminalWith([
      [/Where does authentik run/, ""],
      [/authentik's address/, "https://auth.example.com"],
      [/address of a node/, hostOf(lab.proxmox.url)],
      [/Is it that one/, "yes"],
      [/root's password there/, "p4ssword"],
      [/Every address at which people open/, ""],
      [
        /Which groups of authentik/,
        `${clear}VM users: PVEVMUser on /vms, PVEAuditor on /vms; pve-admins: Administrator on /`,
      ],
    ]);
    const { made, secret, ...others } = await askForStack(terminal, { name: "prod" });
    lab.proxmox.node.members = [{ name: "pve", ip: "127.0.0.1" }];
    assertAllAsked();
    assert.match(printed(), sharedFingerprint);
    assert.match(printed(), /Cannot be resolved here(.|\n)*no-such-node-of-the-lab/);
    const port = new URL(lab.proxmox.url).port;
    assert.deepEqual(others, {
      name: "prod",
      plain: {
        authentikUrl: "https://auth.example.com",
        "proxmoxAddresses[0]": lab.proxmox.url,
        "proxmoxAddresses[1]": `https://no-such-node-of-the-lab:${port}`,
        proxmoxCa: lab.proxmox.caPem,
        'access["VM users"].as': "VM-users",
        'access["VM users"]["/vms"][0]': "PVEVMUser",
        'access["VM users"]["/vms"][1]': "PVEAuditor",
        'access["pve-admins"]["/"]': "Administrator",
        production: "false",
      },
    });
    assert.deepEqual(secret, {});
    assert.equal(made.length, 1);
    assert.match(made[0]?.what ?? "", /user sso-prod@pve and its API token "sso"/);
    assert.ok(!JSON.stringify({ others, secret, made }).includes("p4ssword"));
  });

  it("are ten at most, from the login to Pulumi to the first up", async () => {
    const values = Object.entries(lab.config).map(([key, value]) => {
      const secret = /oken/.test(key);
      return [`${secret ? "pulumi-nodejs" : "proxmox-authentik-sso"}:${key}`, { value, secret }];
    });
    const pulumi = async ([command, second]: string[]) => {
      if (command === "whoami") throw new Error("PULUMI_ACCESS_TOKEN must be set for login");
      if (command === "config") return JSON.stringify(Object.fromEntries(values));
      return JSON.stringify(second === "output" ? {} : { deployment: {} });
    };
    const script: Script = [
      [/Pulumi keeps a record/, ""],
      [/Where does authentik run/, ""],
      [/authentik's address/, "https://auth.example.com"],
      [/address of a node/, hostOf(lab.proxmox.url)],
      [/Is it that one/, "yes"],
      [/root's password there/, "p4ssword"],
      [/Which groups of authentik/, ""],
      [/A passphrase encrypts/, ""],
      [/Each node of Proxmox must trust/, `${down}${down}`],
      [/Do it\?/, down],
    ];
    assert.ok(script.length <= 10);
    const passphrase = process.env.PULUMI_CONFIG_PASSPHRASE;
    delete process.env.PULUMI_CONFIG_PASSPHRASE;
    const { terminal, assertAllAsked } = terminalWith(script);
    const backend = await backendOf(pulumi, terminal);
    await askForStack(terminal, { name: "prod" });
    await askForPassphrase(terminal, backend);
    if (passphrase !== undefined) process.env.PULUMI_CONFIG_PASSPHRASE = passphrase;
    assert.equal(await askToFinish({ terminal, stack: "prod", pulumi, isSilent: false }, false), true);
    assertAllAsked();
  });

  it("explain an invalid answer at once", async () => {
    const again = (text: string) => `${clear}${text}`;
    const { terminal, assertAllAsked } = terminalWith([
      [/Where does authentik run/, down],
      [/That Docker host/, "docker.example.com"],
      [/scheme|ssh:\/\//, again(process.env.DOCKER_HOST ?? "")],
      [/authentik's address/, "auth.example.com"],
      [/is not a URL/, again("https://auth.example.com")],
      [/address of a node/, ","],
      [/This is needed: an address/, "no-such-name-of-the-lab"],
      [/name no-such-name-of-the-lab cannot be resolved/, "localhost:1"],
      [/does not answer at https:\/\/localhost:1/, hostOf(lab.authentik.httpsUrl)],
      [/is not Proxmox's API/, hostOf(lab.proxmox.url)],
      [/Is it that one/, "AA:BB"],
      [/It shows ([0-9A-F]{2}:){31}/, "yes"],
      [/root's password there/, "wrong"],
      [/refuses this password of root@pam/, "PVEAPIToken=sso@pve!none=11111111-2222-3333-4444-555555555555"],
      [/refuses this API token/, "p4ssword"],
      [/Which groups of authentik/, again("pve-users: PVEVMUser to /vms")],
      [/has no form like: PVEVMUser on \/vms/, again("pve-users: PVEAuditr on /vms")],
      [/which Proxmox does not have/, again("pve-users: Operator on /vms")],
      [/has no role "Operator"/, again("pve-users: PVEAuditor on /vm/1")],
      [/wrong path/, again("everyone")],
    ]);
    const { plain } = await askForStack(terminal, { name: "prod" });
    assertAllAsked();
    assert.equal(plain.allowEveryone, "true");
    assert.equal(plain.dockerHost, process.env.DOCKER_HOST);
  });

  it("go back a step with <, and suggest the previous answer", async () => {
    const { terminal, assertAllAsked } = terminalWith([
      [/Where does authentik run/, ""],
      [/authentik's address/, "https://wrong.example.com"],
      [/address of a node/, "<"],
      [/authentik's address/, "https://auth.example.com"],
      [/address of a node/, hostOf(lab.proxmox.url)],
      [/Is it that one/, "yes"],
      [/root's password there/, "p4ssword"],
      [/Which groups of authentik/, ""],
    ]);
    const { plain } = await terminal.ask(() => askForStack(terminal, { name: "prod" }));
    assertAllAsked();
    assert.equal(plain.authentikUrl, "https://auth.example.com");
    assert.equal(plain['access["pve-admins"]["/"]'], "Administrator");
  });

  it("continue after a stop at any question, and ask again only for the secrets", async () => {
    const secrets = /password/;
    const all: Script = [
      [/Where does authentik run/, `${down}${down}`],
      [/authentik's address/, lab.authentik.httpUrl],
      [/An administrator's user name/, "akadmin"],
      [/The password of akadmin/, passwordOfAkadmin],
      [/address of a node/, hostOf(lab.proxmox.url)],
      [/Is it that one/, "yes"],
      [/root's password there/, "p4ssword"],
      [/Which groups of authentik/, ""],
    ];
    for (const [index, [stopped]] of all.entries()) {
      const before = all.slice(0, index);
      const first = terminalWith([...before, [stopped, "\x03"]]);
      await assert.rejects(askForStack(first.terminal, { name: "prod" }), Cancelled);
      const known = first.terminal.answers.toKeep;
      assert.ok(!/p4ssword/.test(JSON.stringify(known)), `${stopped}`);
      const again = before.filter(([question]) => secrets.test(question.source));
      const second = terminalWith([...again, ...all.slice(index)], { known });
      const { plain } = await askForStack(second.terminal, { name: "prod" });
      second.assertAllAsked();
      assert.equal(plain.authentikUrl, lab.authentik.httpUrl, `${stopped}`);
    }
  });

  it("are answered by flags, and name a missing flag", async () => {
    const flags = {
      authentik: "docker",
      "authentik-url": "https://auth.example.com",
      proxmox: hostOf(lab.proxmox.url),
      "proxmox-fingerprint": "yes",
      "proxmox-credential": "p4ssword",
      access: "pve-admins: Administrator on /",
    };
    const { terminal } = terminalWith([], { flags, isScript: true });
    const { plain, made } = await askForStack(terminal, { name: "prod", production: true });
    assert.equal(plain.production, "true");
    assert.equal(made.length, 1);
    terminal.requireUsed([]);
    const more = { "authentik-admin": "akadmin", "docker-host": "ssh://root@docker", trust: "later" };
    const useless = terminalWith([], { flags: { ...flags, ...more }, isScript: true }).terminal;
    await askForStack(useless, { name: "prod" });
    assert.throws(
      () => useless.requireUsed(["trust"]),
      /has the answer --authentik-admin, --docker-host\. Remove it/,
    );
    const { "authentik-url": _, ...lacking } = flags;
    await assert.rejects(
      askForStack(terminalWith([], { flags: lacking, isScript: true }).terminal, { name: "prod" }),
      /Nobody is here to ask: answer it by --authentik-url/,
    );
    const wrong = terminalWith([], { flags: { ...flags, "proxmox-credential": "x" }, isScript: true });
    await assert.rejects(
      askForStack(wrong.terminal, { name: "prod" }),
      /--proxmox-credential: Proxmox refuses this password/,
    );
  });

  it("ask for further clusters by name", async () => {
    const flags = {
      authentik: "docker",
      "authentik-url": "https://auth.example.com",
      proxmox: hostOf(lab.proxmox.url),
      "proxmox-fingerprint": "yes",
      "proxmox-credential": lab.config.proxmoxToken ?? "",
      "proxmox-berlin": hostOf(lab.berlin.url),
      "proxmox-berlin-fingerprint": "yes",
      "proxmox-berlin-credential": "p4ssword",
      access: "pve-admins: Administrator on /",
    };
    const { terminal } = terminalWith([], { flags, isScript: true });
    const { plain, secret, made } = await askForStack(terminal, { name: "prod", clusters: ["berlin"] });
    assert.equal(plain["clusters.berlin.addresses[0]"], lab.berlin.url);
    assert.equal(plain["clusters.berlin.ca"], lab.berlin.caPem);
    assert.equal(secret.proxmoxToken, lab.config.proxmoxToken);
    assert.equal(made.length, 1);
    await assert.rejects(
      askForStack(terminal, { name: "prod", clusters: ["berlin 2"] }),
      /"berlin 2" must be named by letters, digits/,
    );
  });

  credentialQuestions(() => lab);

  it("offer to take over what was set up by hand", async () => {
    const { terminal, assertAllAsked } = terminalWith([
      [/Where does authentik run/, `${down}${down}`],
      [/authentik's address/, lab.authentik.httpUrl],
      [/An administrator's user name/, ""],
      [/Its API token/, lab.config.authentikToken ?? ""],
      [/address of a node/, lab.proxmox.url],
      [/Is it that one/, "yes"],
      [/root's password there/, lab.config.proxmoxToken ?? ""],
      [/has the realm "authentik", and authentik the application "proxmox"/, ""],
    ]);
    await lab.realm({ "issuer-url": `${lab.authentik.httpUrl}/application/o/proxmox/` });
    const { plain, secret, made } = await askForStack(terminal, { name: "mine" });
    assertAllAsked();
    assert.deepEqual(plain, {
      authentikUrl: lab.authentik.httpUrl,
      deployAuthentik: "false",
      "proxmoxAddresses[0]": lab.proxmox.url,
      proxmoxCa: lab.proxmox.caPem,
      realm: "authentik",
      applicationSlug: "proxmox",
      applicationName: "proxmox",
      clientId: "client-of-proxmox",
      adopt: "true",
      'access["authentik Admins"].as': "authentik-Admins",
      'access["pve-admins"]["/"]': "Administrator",
      production: "false",
    });
    assert.deepEqual(Object.keys(secret), ["authentikToken", "proxmoxToken", "clientSecret"]);
    assert.equal(secret.clientSecret, "secret-of-proxmox");
    // Adoption needs the administrator's token.
    assert.deepEqual(made, []);
    // A login creates one.
    const flags = {
      authentik: "existing",
      "authentik-url": lab.authentik.httpUrl,
      "authentik-admin": "akadmin",
      "authentik-password": passwordOfAkadmin,
      proxmox: lab.proxmox.url,
      "proxmox-fingerprint": "yes",
      "proxmox-credential": lab.config.proxmoxToken ?? "",
      "take-over": "yes",
      "test-user": "akadmin",
      "test-password": passwordOfAkadmin,
      // Without a certificate, authentik needs neither.
      "authentik-fingerprint": "yes",
      "authentik-ca": "ca.pem",
    };
    const byLogin = terminalWith([], { flags, isScript: true }).terminal;
    const answered = await askForStack(byLogin, { name: "mine" });
    byLogin.requireUsed([]);
    assert.equal(answered.plain.testUsername, "akadmin");
    assert.equal(answered.secret.testPassword, passwordOfAkadmin);
    const [token, ...others] = answered.made;
    assert.deepEqual(others, []);
    assert.match(token?.what ?? "", /the API token proxmox-authentik-sso-mine-takeover of the administrator/);
    const kept = await token?.make();
    const client = new AuthentikClient({
      url: lab.authentik.httpUrl,
      token: kept?.secret.authentikToken ?? "",
      tokenConfigKey: "authentikToken",
    });
    assert.equal((await client.self()).username, "akadmin");
    await kept?.undo();
    await assert.rejects(client.self(), /refuses the API token/);
  });
});
