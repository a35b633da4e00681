import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { projectRoot } from "../../cli/paths";
import { argumentFiles } from "../../docs/generator/interfaces";
import { referencePages } from "../../docs/generator/pages";
import { resources } from "../../docs/generator/resources";
import * as library from "../../library";

const folder = join(projectRoot, "docs", "reference");
const pages = referencePages();

suite("docs/reference matches the code: `npm run reference` writes it", () => {
  for (const [name, text] of Object.entries(pages)) {
    test(name, () => assert.equal(readFileSync(join(folder, name), "utf8"), text));
  }

  test("has no other page", () => {
    assert.deepEqual(readdirSync(folder).sort(), Object.keys(pages).sort());
  });

  test("has every resource that the library exports", () => {
    const { authentik, proxmox, backupServer, datacenterManager, SharedValues, LoginProof, GroupMembers } =
      library;
    const exported = {
      authentik,
      proxmox,
      backupServer,
      datacenterManager,
      sso: { SharedValues, LoginProof, GroupMembers },
    };
    for (const [server, classes] of Object.entries(exported)) {
      assert.deepEqual(Object.keys(resources[server] ?? {}).sort(), Object.keys(classes).sort());
    }
  });
});

suite("the interfaces of the resources' arguments match their inputs: `npm run reference` writes them", () => {
  for (const [path, text] of Object.entries(argumentFiles())) {
    test(path, () => assert.equal(readFileSync(join(projectRoot, path), "utf8"), text));
  }
});
