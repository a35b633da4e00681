import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { proxmoxAnswersCheck } from "../../cli/doctor/checks/answers";
import { clustersOf, subjectOf } from "../../cli/doctor/subject";
import { configFrom } from "../../config/load";
import { startAccessControl } from "../../lab/access-control/server";
import { startProxmox } from "../../lab/proxmox/server";
import { Credentials } from "../../providers/core/credentials";
import { definitions } from "../../providers/registry";
import { Life } from "./life";
import { providerOf } from "./simulators";

const products = [
  { key: "ve", name: "Proxmox VE", module: "proxmox", tokenKey: "proxmoxToken", separator: "=" },
  {
    key: "backup",
    name: "Proxmox Backup Server",
    module: "backupServer",
    tokenKey: "backupServerToken",
    separator: ":",
  },
  {
    key: "datacenter-manager",
    name: "Proxmox Datacenter Manager",
    module: "datacenterManager",
    tokenKey: "datacenterManagerToken",
    separator: ":",
  },
] as const;

type Running = { url: string; caPem: string; close(): Promise<void> };

suite("an address of another product than `product` says", () => {
  const running = new Map<string, Running>();
  const server = (key: string) => {
    const found = running.get(key);
    assert.ok(found);
    return found;
  };
  /** The form that the product of the config has. */
  const tokenFor = ({ separator }: (typeof products)[number]) =>
    `root@pam!test${separator}11111111-1111-4111-8111-111111111111`;

  before(async () => {
    const options = { port: 0, rootPassword: "p4ssword", authenticationDelayMs: 0 };
    running.set("ve", await startProxmox({ ...options, tokens: [tokenFor(products[0])] }));
    for (const expected of [products[1], products[2]])
      running.set(
        expected.key,
        await startAccessControl({ ...options, product: expected.key, tokens: [tokenFor(expected)] }),
      );
  });
  after(async () => {
    for (const { close } of running.values()) await close();
  });

  /** What an `up` says, whose first resource there is the realm. */
  async function saidByUp(expected: (typeof products)[number], url: string, caPem: string): Promise<string> {
    const definition = definitions.find(({ type }) => type === `${expected.module}:OpenIdRealm`);
    assert.ok(definition);
    const life = new Life(await providerOf(definition, { [expected.tokenKey]: tokenFor(expected) }));
    const realm = {
      proxmox: { url, caCertificate: caPem },
      realm: "authentik",
      issuerUrl: "https://auth.example.com/",
      clientId: "client",
    };
    return await life.create(realm).then(
      () => "",
      (error: Error) => error.message,
    );
  }

  async function saidByDoctor(
    { key, separator }: (typeof products)[number],
    url: string,
    ca: string,
  ): Promise<string> {
    const access =
      key === "ve"
        ? { team: { "/": "Administrator" } }
        : { team: { "/access": key === "backup" ? "Audit" : "Auditor" } };
    const values: Record<string, string> = {
      authentikUrl: "https://auth.example.com",
      deployAuthentik: "false",
      clusters: JSON.stringify({ one: { product: key, addresses: [url], ca, access } }),
    };
    const secrets = { authentikToken: "a-token", "proxmoxToken-one": `root@pam!x${separator}11111111-1111` };
    const all = Object.fromEntries([
      ...Object.entries(values).map(([name, value]) => [`sso:${name}`, value]),
      ...Object.entries(secrets).map(([name, value]) => [`pulumi-nodejs:${name}`, value]),
    ]);
    const credentials = new Credentials({ get: () => undefined }, {});
    const [cluster] = clustersOf(
      subjectOf(
        configFrom("sso", all, () => true),
        credentials,
        { anything: false, realms: [] },
      ),
    );
    assert.ok(cluster);
    return (await proxmoxAnswersCheck.look(cluster).then((result) => [result].flat()[0]?.found)) ?? "";
  }

  for (const expected of products) {
    for (const actual of products) {
      const title = `${expected.name} in the config, ${actual.name} at the address`;
      test(title, async () => {
        const { url, caPem } = server(actual.key);
        const doctor = await saidByDoctor(expected, url, caPem);
        if (expected === actual) {
          assert.equal(doctor, `Proxmox answers at ${url}`);
          assert.equal(await saidByUp(expected, url, caPem), "");
          return;
        }
        const sentence =
          `${url} is the address of ${actual.name}, not of ${expected.name}. Give the address of ` +
          `the product, or set \`product: ${actual.key}\` in its entry of \`clusters\`.`;
        const inGeneral = (text: string) =>
          text.replace(/(Give the address of ).*?(, or set)/, "$1the product$2");
        assert.equal(inGeneral(doctor), sentence);
        const said = inGeneral(await saidByUp(expected, url, caPem));
        assert.ok(said.endsWith(sentence), said);
      });
    }
  }
});
