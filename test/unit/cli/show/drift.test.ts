import assert from "node:assert/strict";
import { test } from "node:test";
import { asText } from "../../../../cli/show/as-text";
import { withDrift } from "../../../../cli/show/drift";
import type { Cluster, Overview } from "../../../../cli/show/overview";

const cluster = (name: string): Cluster => ({
  name,
  realm: "authentik",
  addresses: [],
  issuer: "",
  proof: undefined,
  certificates: [],
  isOpen: false,
  groups: [],
  usersOnDelete: "keep",
});
const overview: Overview = {
  stack: "prod",
  authentik: { url: "https://auth.example.com", version: "2026.8.7", certificates: [] },
  clusters: [cluster("berlin"), cluster("munich")],
};

const urnOf = (type: string, name: string) => `urn:pulumi:prod::sso::${type}::${name}`;
const component = "proxmox-authentik-sso:index:ProxmoxAuthentikSso";
const realmType = "pulumi-nodejs:dynamic/proxmox:OpenIdRealm";
const groupType = "pulumi-nodejs:dynamic/authentik:Group";
const exported = {
  deployment: {
    resources: [
      ...["berlin", "munich"].flatMap((name) => [
        { urn: urnOf(component, name), type: component },
        {
          urn: urnOf(`${component}$${realmType}`, `${name}-realm`),
          type: realmType,
          parent: urnOf(component, name),
        },
      ]),
      { urn: urnOf(groupType, "group-PVE Admins"), type: groupType },
    ],
  },
};

const answering = (printed?: string) => async (args: string[]) => {
  assert.deepEqual(args, ["refresh", "--preview-only", "--non-interactive", "--color", "never"]);
  if (printed === undefined) throw new Error("the refresh failed");
  return printed;
};

const driftLines = (shown: Overview) =>
  asText(shown)
    .split("\n")
    .filter((line) => line.includes("Drift"))
    .map((line) => line.replace(/^ *Drift */, ""));

test("show lists the drift of each cluster, and of the shared objects", async () => {
  // The output of Pulumi 3.259.
  const printed = `Previewing refresh (prod):

 ~  ${realmType} berlin-realm refreshing 
 ~  ${realmType} berlin-realm update [diff: ~comment,autocreate]
    ${realmType} munich-realm  
 -  ${groupType} group-PVE Admins delete 
Resources:
    ~ 1 to update
    - 1 to delete
`;
  assert.deepEqual(driftLines(await withDrift(overview, exported, answering(printed))), [
    "group-PVE Admins is gone. Run pulumi up --refresh.",
    "berlin-realm: comment,autocreate. Run pulumi up --refresh.",
    "none",
  ]);
});

test("show reports unknown drift after a failed refresh, and sends no further request to an unreachable server", async () => {
  const unknown = "not known: run pulumi refresh --preview-only, which says why";
  const three = [unknown, unknown, unknown];
  assert.deepEqual(driftLines(await withDrift(overview, exported, answering())), three);
  const silent = { ...overview, membersUnknown: "authentik does not answer" };
  const asked = async () => assert.fail("the refresh would wait for authentik");
  assert.deepEqual(driftLines(await withDrift(silent, exported, asked)), three);
});
