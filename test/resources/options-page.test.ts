import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { applicationDefinition } from "../../providers/authentik/application";
import { brandDefinition } from "../../providers/authentik/brand";
import { certificateDefinition } from "../../providers/authentik/certificate";
import { exclusiveBindingsDefinition } from "../../providers/authentik/exclusiveBindings";
import { groupDefinition } from "../../providers/authentik/group";
import { oauth2ProviderDefinition } from "../../providers/authentik/oauth2Provider";
import { policyBindingDefinition } from "../../providers/authentik/policyBinding";
import { scopeMappingDefinition } from "../../providers/authentik/scopeMapping";
import { userDefinition } from "../../providers/authentik/user";
import type { Since } from "../../providers/core/versions";
import { aclDefinition } from "../../providers/proxmox/acl";
import { clusterNodesDefinition } from "../../providers/proxmox/clusterNodes";
import { exclusivePermissionsDefinition } from "../../providers/proxmox/exclusivePermissions";
import { groupDefinition as proxmoxGroupDefinition } from "../../providers/proxmox/group";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { roleDefinition } from "../../providers/proxmox/role";
import { userDefinition as proxmoxUserDefinition } from "../../providers/proxmox/user";

const page = readFileSync(resolve(__dirname, "../../docs/options.md"), "utf8");
const connections = ["authentik", "proxmox"];

for (const [heading, { inputs, versions }] of Object.entries({
  Certificate: { ...certificateDefinition, versions: undefined },
  OAuth2Provider: oauth2ProviderDefinition,
  Application: applicationDefinition,
  Group: { ...groupDefinition, versions: undefined },
  PolicyBinding: { ...policyBindingDefinition, versions: undefined },
  ExclusiveBindings: { ...exclusiveBindingsDefinition, versions: undefined },
  ScopeMapping: { ...scopeMappingDefinition, versions: undefined },
  User: userDefinition,
  Brand: brandDefinition,
  OpenIdRealm: openIdRealmDefinition,
  "Proxmox Group": { ...proxmoxGroupDefinition, versions: undefined },
  "Proxmox User": { ...proxmoxUserDefinition, versions: undefined },
  Acl: { ...aclDefinition, versions: undefined },
  ExclusivePermissions: { ...exclusivePermissionsDefinition, versions: undefined },
  Role: { ...roleDefinition, versions: undefined },
  ClusterNodes: { ...clusterNodesDefinition, versions: undefined },
})) {
  const [, section = ""] = page.split(`## ${heading}\n`);
  const [table = ""] = section.split("\n## ");

  test(`docs/options.md has every option of ${heading}`, () => {
    for (const option of Object.keys(inputs.shape).filter((key) => !connections.includes(key))) {
      assert.ok(table.includes(`\`${option}\``), option);
    }
  });

  test(`docs/options.md says since which version ${heading} has an option`, () => {
    const given: Readonly<Partial<Record<string, Since>>> = versions?.since ?? {};
    for (const [option, since] of Object.entries(given)) {
      const row = table.split("\n").find((line) => line.split("|")[1]?.includes(`\`${option}\``));
      assert.equal(row?.split("|")[2]?.trim(), shown(since), option);
    }
  });
}

function shown(since: Since | undefined): string {
  if (since === undefined) return "";
  if (typeof since !== "string") {
    const { version, before, others } = since;
    return others
      ? `${shown(others)}; before ${shown(version)}: ${before}`
      : `${shown(version)}; before: ${before}`;
  }
  return since.replace(/\.0(-rc\d+)?$/, "");
}
