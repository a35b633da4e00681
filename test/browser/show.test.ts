import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { asHtml } from "../../cli/show/as-html";
import { asText } from "../../cli/show/as-text";
import { type Overview, overviewOf } from "../../cli/show/overview";
import { issueCertificate } from "../../providers/pki/certificate";
import { withPage } from "./login";

const kind = "proxmox-authentik-sso:index:ProxmoxAuthentikSso";
const urnOf = (type: string, name: string) => `urn:pulumi:prod::sso::${type}::${name}`;
let certificate = "";

/** A cluster in a stack's state, as `pulumi stack export` prints it. */
function clusterInState(cluster: string, nodes: number, groups: Record<string, string[]>, isProved = true) {
  const parent = urnOf(kind, cluster);
  const made = (type: string, name: string, inputs: object, outputs: object = {}) => ({
    urn: urnOf(`pulumi-nodejs:dynamic/${type}`, `${cluster}-${name}`),
    type: `pulumi-nodejs:dynamic/${type}`,
    parent,
    modified: "2026-11-24T01:02:03Z",
    inputs,
    outputs,
  });
  const addresses = Array.from(
    { length: nodes },
    (_, index) => `https://pve${index + 1}.${cluster}.example.com:8006`,
  );
  const issuerUrl = `https://auth.example.com/application/o/proxmox-${cluster}/`;
  const access = Object.entries(groups).flatMap(([group, roles]) => [
    made("authentik:PolicyBinding", `binding-${group}`, { group: "pk" }),
    ...(roles.length > 0
      ? [
          made("proxmox:Group", `proxmox-group-${group}`, {
            group: `${group}-authentik`,
            comment: `authentik group ${group}`,
          }),
        ]
      : []),
    ...roles.map((grant) => {
      const [role = "", path = ""] = grant.split(" on ");
      return made("proxmox:Acl", `permission-${group}-${path}-${role}`, {
        path,
        role,
        groups: [`${group}-authentik`],
      });
    }),
  ]);
  const summary = `"alice@authentik" logged in through authentik (${nodes} addresses checked), with permissions on 3 paths.`;
  return [
    { urn: parent, type: kind },
    made(
      "authentik:Certificate",
      "certificate",
      { name: `${cluster} signing` },
      { certificatePem: certificate },
    ),
    made("proxmox:OpenIdRealm", "realm", { realm: "authentik", issuerUrl, proxmox: { url: addresses[0] } }),
    ...(isProved ? [made("sso:LoginProof", "proof", { redirectUris: addresses }, { summary })] : []),
    ...access,
  ];
}

function overviewWith(...resources: object[]): Overview {
  const readiness = {
    urn: urnOf("pulumi-nodejs:dynamic/authentik:Readiness", "readiness"),
    type: "pulumi-nodejs:dynamic/authentik:Readiness",
    outputs: { version: "2026.5.0" },
  };
  return overviewOf("prod", { deployment: { resources: [readiness, ...resources] } });
}

const admins = { "<admins>": ["Administrator on /"] };
let one: Overview;
let three: Overview;

before(async () => {
  const request = { commonName: "signing", subjectAltNames: [], validityDays: 20, keySize: 2048 } as const;
  certificate = (await issueCertificate(request)).certificate;
  one = overviewWith(...clusterInState("sso", 2, admins));
  const several = overviewWith(
    ...clusterInState("berlin", 3, {
      ...admins,
      "berlin-devs": ["PVEVMAdmin on /pool/dev", "PVEDatastoreUser on /storage/local"],
      guests: [],
    }),
    ...clusterInState("munich", 1, {
      ...admins,
      "munich-operators-of-the-night-shift": ["PVEVMUser on /vms"],
    }),
    ...clusterInState("test", 1, {}, false),
  );
  three = {
    ...several,
    clusters: several.clusters.map((cluster) => ({
      ...cluster,
      groups: cluster.groups.map((access) => ({
        ...access,
        members: access.group === "guests" ? [] : ["alice", "bob"],
      })),
    })),
  };
});

describe("npm run show", { concurrency: 1 }, () => {
  it("lists clusters, realms, who may do what, the last proof and expiry dates", () => {
    const text = asText(three);
    assert.match(text, /^Stack prod\n\nauthentik 2026\.5\.0\n {2}Open {12}https:\/\/auth\.example\.com\n/);
    assert.match(
      text,
      /\nProxmox "berlin"\n {2}Open {12}https:\/\/pve1\.berlin\.example\.com:8006, https:\/\/pve2/,
    );
    assert.match(text, /Certificate {5}berlin signing: (19|20) days left/);
    assert.match(text, /Last proof {6}2026-11-24 01:02 UTC: "alice@authentik" logged in/);
    assert.match(text, / {4}<admins> {5}Administrator on \/ +alice, bob\n/);
    assert.match(
      text,
      / {4}berlin-devs {2}PVEDatastoreUser on \/storage\/local, PVEVMAdmin on \/pool\/dev {2}alice, bob\n/,
    );
    assert.match(text, / {4}guests {7}nothing on Proxmox +nobody is in it\n/);
    const test = text.slice(text.indexOf('Proxmox "test"'));
    assert.match(test, /Last proof {6}none yet/);
    assert.match(test, /everybody with an account in authentik; this stack grants no permissions/);
  });

  it("explains why members are unknown, and leaves them out", () => {
    const text = asText({ ...one, membersUnknown: "authentik refuses connections." });
    assert.match(text, /Administrator on \/\n/);
    assert.match(text, /unknown: authentik refuses connections\.$/);
  });

  it("lists the realm's users, and whether a destroy deletes them", () => {
    const line = (changes: object) => {
      const text = asText({ ...one, clusters: one.clusters.map((cluster) => ({ ...cluster, ...changes })) });
      return / {2}Realm users {5}(.*)\n/.exec(text)?.[1];
    };
    const users = ["alice@authentik", "bob@authentik"];
    assert.equal(line({}), undefined);
    assert.equal(line({ users: [] }), "none yet");
    assert.equal(line({ users }), "alice@authentik, bob@authentik; a destroy leaves them");
    assert.match(`${line({ users, usersOnDelete: "remove" })}`, /; a destroy removes them$/);
    assert.match(
      `${line({ users, usersOnDelete: "refuse" })}`,
      /; a destroy is refused while there are any$/,
    );
    assert.equal(line({ usersUnknown: "Proxmox refuses." }), "not known: Proxmox refuses.");
  });

  it("reports expired certificates, and uses the singular for one day", () => {
    const certificates = [-2, 1].map((days) => ({
      name: "signing",
      expires: new Date(Date.now() + (days + 0.5) * 24 * 60 * 60 * 1000),
    }));
    const overview = { ...one, authentik: { ...one.authentik, certificates } };
    for (const shown of [asText(overview), asHtml(overview)]) {
      assert.match(shown, /has expired.*1 day left/s);
    }
  });

  it("lists a cluster that has no realm yet", () => {
    const [component = {}] = clusterInState("new", 1, {});
    assert.match(asText(overviewWith(component)), /Proxmox "new"\n {2}No realm yet: pulumi up creates it\.$/);
  });

  for (const clusters of [1, 3]) {
    it(`creates a page of ${clusters} that a browser shows without any other request`, async () => {
      const overview = clusters === 1 ? one : three;
      for (const width of [1000, 400]) {
        await withPage(async (page) => {
          const requests: string[] = [];
          page.on("request", (request) => requests.push(request.url()));
          await page.setViewportSize({ width, height: 800 });
          await page.setContent(asHtml(overview));
          assert.deepEqual(requests, []);
          await page.getByRole("img", { name: /People open Proxmox/ }).waitFor();
          // The third cluster has no proved login.
          assert.equal(await page.locator("svg .unproved").count(), clusters === 1 ? 0 : 1);
          assert.equal(await page.getByText("no login is proved yet").count(), clusters === 1 ? 0 : 1);
          assert.equal(await page.getByText("Administrator on /").count(), clusters === 1 ? 1 : 2);
          assert.equal(
            (await page.getByText("alice").filter({ hasText: "bob" }).count()) > 0,
            clusters === 3,
          );
          assert.match((await page.locator(".soon").allTextContents()).join(), /days left/);
          const isTooWide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
          assert.equal(isTooWide, false);
          const folder = process.env.SHOW_PNG;
          if (folder)
            await page.screenshot({ path: `${folder}/show-${clusters}-${width}.png`, fullPage: true });
        });
      }
    });
  }
});
