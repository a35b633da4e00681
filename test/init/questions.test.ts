import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { askForStack } from "../../cli/init/questions";
import { Lab } from "../doctor/lab";
import { down, terminalWith } from "./typist";

describe("the questions of npm run init", { concurrency: 1, timeout: 30_000 }, () => {
  let lab: Lab;
  before(async () => {
    lab = await Lab.start();
    await writeFile(join(lab.folder, "pve.pem"), lab.proxmox.caPem);
  });
  after(() => lab.stop());

  it("lead to authentik on Docker, and say what is wrong with an answer", async () => {
    const { terminal, assertAllAsked } = terminalWith([
      [/name for the stack/, ""],
      [/Where does authentik run/, ""],
      [/authentik's address/, "auth.example.com"],
      [/is not a URL/, `${"\b".repeat(16)}https://auth.example.com`],
      [/Docker on another machine/, "ssh://root@docker"],
      [/Every address/, "https://pve1:8006, https://pve2:8006"],
      [/Proxmox's certificate/, `${down}${down}`],
      [/API token, as user/, "sso@pve!pulumi=11111111-2222-3333-4444-555555555555"],
      [/another Proxmox cluster/, "y"],
      [/A name for it/, "berlin 2"],
      [/must be named by letters, digits/, "\b\b"],
      [/Every address/, "https://pve.berlin:8006"],
      [/Proxmox's certificate/, ""],
      [/Path of that file/, join(lab.folder, "pve.pem")],
      [/API token, as user/, "sso@pve!pulumi=11111111-2222-3333-4444-666666666666"],
      [/another Proxmox cluster/, "n"],
      [/Who may log in/, ""],
      [/A group of authentik/, "VM users"],
      [/What may the members of "VM users" do/, "PVEVMUser to /vms"],
      [/has no form like: PVEVMUser on \/vms/, `${"\b".repeat(17)}PVEVMUser on /vms, PVEAuditr on /`],
      [/which Proxmox does not have/, `${"\b".repeat(14)}PVEAuditor on /vms, NoAccess on /pool/x`],
      [/Another group/, "pve-admins"],
      [/What may the members of "pve-admins" do/, "Administrator on /"],
      [/Another group/, ""],
      [/Shall akadmin/, ""],
      [/for production/, "y"],
    ]);
    const { secret, ...others } = await askForStack(terminal, undefined);
    assert.deepEqual(others, {
      name: "prod",
      plain: {
        authentikUrl: "https://auth.example.com",
        dockerHost: "ssh://root@docker",
        "proxmoxAddresses[0]": "https://pve1:8006",
        "proxmoxAddresses[1]": "https://pve2:8006",
        "clusters.berlin.addresses[0]": "https://pve.berlin:8006",
        "clusters.berlin.ca": lab.proxmox.caPem,
        'access["VM users"].as': "VM-users",
        'access["VM users"]["/vms"][0]': "PVEVMUser",
        'access["VM users"]["/vms"][1]': "PVEAuditor",
        'access["VM users"]["/pool/x"]': "NoAccess",
        'access["pve-admins"]["/"]': "Administrator",
        'access["authentik Admins"].as': "admins",
        testUsername: "akadmin",
        production: "true",
      },
    });
    const { authentikBootstrapPassword, testPassword, ...tokens } = secret;
    assert.deepEqual(tokens, {
      proxmoxToken: "sso@pve!pulumi=11111111-2222-3333-4444-555555555555",
      "proxmoxToken-berlin": "sso@pve!pulumi=11111111-2222-3333-4444-666666666666",
    });
    assert.match(`${testPassword}`, /^\w{43}$/);
    assert.equal(testPassword, authentikBootstrapPassword);
    assertAllAsked();
  });

  it("offer to take over what was set up by hand", async () => {
    const { terminal, assertAllAsked } = terminalWith([
      [/Where does authentik run/, down],
      [/authentik's address/, lab.authentik.httpUrl],
      [/Its API token/, lab.config.authentikToken ?? ""],
      [/CA of its certificate/, ""],
      [/Every address/, lab.proxmox.url],
      [/Proxmox's certificate/, ""],
      [/Path of that file/, join(lab.folder, "pve.pem")],
      [/API token, as user/, lab.config.proxmoxToken ?? ""],
      [/has the realm "authentik", and authentik the application "proxmox"/, ""],
      [/another Proxmox cluster/, ""],
      [/for a test login/, "akadmin"],
      [/password of akadmin/, "p4ssword"],
      [/for production/, ""],
    ]);
    await lab.realm({ "issuer-url": `${lab.authentik.httpUrl}/application/o/proxmox/` });
    const { plain, secret } = await askForStack(terminal, "mine");
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
      testUsername: "akadmin",
    });
    assert.deepEqual(Object.keys(secret), ["authentikToken", "proxmoxToken", "clientSecret", "testPassword"]);
    assert.equal(secret.clientSecret, "secret-of-proxmox");
  });
});
