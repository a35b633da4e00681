import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { lookFromNodes } from "../../cli/commands/trust";
import type { Finding } from "../../cli/doctor/check";
import { type DoctorContext, diagnose } from "../../cli/doctor/diagnose";
import { asJson, asText, failing, hasFailed } from "../../cli/doctor/report";
import { ConfigError, parseConfig } from "../../config/load";
import { configKey } from "../../config/schema";
import type { Stack } from "../../config/stack";
import { Credentials } from "../../providers/core/credentials";
import { printedBy } from "../commands/printed";
import type { Fault } from "./fault";
import { faults } from "./faults";
import { harmless } from "./faults-of-administrators";
import { Lab } from "./lab";

let lab: Lab;
before(async () => {
  lab = await Lab.start();
});
after(() => lab.stop());

/** The doctor's findings in the lab with this fault. */
async function examine(fault: Partial<Fault> = {}): Promise<Finding[]> {
  return await diagnose(await contextOf(fault));
}

async function contextOf(fault: Partial<Fault> = {}): Promise<DoctorContext> {
  const right = fault.beforeUp ? await lab.configBeforeUp() : lab.config;
  const changed = Object.entries({ ...right, ...(await fault.config?.(lab)) });
  const config = Object.fromEntries(changed.filter(([key]) => !fault.without?.includes(key)));
  const byFullKey = new Map(Object.entries(config).map(([key, value]) => [configKey(key), value]));
  return {
    nodeVersion: fault.nodeVersion ?? "20.19.0",
    pulumi: async ([command]) =>
      command === "version"
        ? `${fault.pulumiVersion ?? "v3.259.0"}\n`
        : JSON.stringify([{ name: "docker", version: fault.dockerPlugin ?? "5.2.0" }]),
    config: configOrMistakes(config, (key) => !fault.inPlainText?.includes(key)),
    credentials: new Credentials({ get: (key) => byFullKey.get(key) }, {}),
    made: fault.beforeUp
      ? { anything: false, realms: [] }
      : {
          anything: true,
          realms: ["sso", "berlin"],
          ...fault.made,
          ...(fault.groups && { groups: await fault.groups(lab) }),
        },
  };
}

function configOrMistakes(
  config: Record<string, string>,
  isEncrypted: (key: string) => boolean,
): Stack | ConfigError {
  const isOfCluster = ([key]: [string, string]) => key.startsWith("proxmoxToken-");
  const ofClusters = Object.fromEntries(Object.entries(config).filter(isOfCluster));
  const own = Object.fromEntries(Object.entries(config).filter((entry) => !isOfCluster(entry)));
  try {
    return parseConfig(own, { isEncrypted, credentials: ofClusters });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

describe("the doctor reports no problem of a healthy stack", { concurrency: 1 }, () => {
  it("after an up", async () => {
    const findings = await examine();
    assert.deepEqual(
      findings.filter(({ level }) => level !== "pass"),
      [],
    );
    assert.ok(findings.length >= 18, `${findings.length} findings`);
    const { found } = findings.find(({ check }) => check === "Proxmox privileges") ?? {};
    assert.match(found ?? "", /and \d+ unused privileges/);
  });

  for (const { name, plant, undo } of harmless) {
    it(`and no warning about administrators with ${name}`, async () => {
      await plant?.(lab);
      try {
        const findings = (await examine()).filter(({ check }) => check === "Administrators");
        assert.deepEqual(
          findings.map(({ level, found, cluster }) => ({ level, found, cluster })),
          [
            {
              level: "pass",
              found:
                'only administrators of authentik put people into "pve-admins", which has Administrator on /',
              cluster: "sso",
            },
          ],
        );
      } finally {
        await undo?.(lab);
      }
    });
  }

  it("before the first up, which will create authentik on Docker", async () => {
    const findings = await examine({ beforeUp: true });
    assert.deepEqual(
      findings.filter(({ level }) => level !== "pass"),
      [],
    );
    const looked = findings.map(({ check }) => check);
    for (const check of ["Docker", "Ports", "Proxmox token"]) assert.ok(looked.includes(check), check);
  });
});

describe("the doctor finds exactly the fault", { concurrency: 1 }, () => {
  for (const fault of faults) {
    it(fault.name, async () => {
      await fault.plant?.(lab);
      try {
        const bad = (await examine(fault)).filter(
          ({ level, check }) => (level === "warn" || level === "fail") && check !== fault.besides,
        );
        const said = bad.map(({ level, check }) => `${level} ${check}`);
        assert.deepEqual([...new Set(said)], [`${fault.level ?? "fail"} ${fault.check}`], asText(bad, false));
        if (fault.cluster) assert.deepEqual([...new Set(bad.map(({ cluster }) => cluster))], [fault.cluster]);
        assert.match(bad.map(({ found, advice }) => `${found}\n${advice}`).join("\n"), fault.says);
      } finally {
        await fault.undo?.(lab);
      }
    });
  }
});

describe("the report", () => {
  const findings: Finding[] = [
    { check: "Clocks", level: "pass", found: "they agree" },
    { check: "Realm", level: "fail", found: "it is gone", advice: "Run pulumi up." },
    { check: "Group claims", level: "skip", found: "skipped" },
  ];

  it("has a line for each finding, with its fix below", () => {
    assert.equal(
      asText(findings, false),
      [
        "pass  Clocks        they agree",
        "FAIL  Realm         it is gone",
        "                    Run pulumi up.",
        "skip  Group claims  skipped",
        "",
        "1 passed, 0 warned, 1 failed, 1 skipped.",
      ].join("\n"),
    );
  });

  it("has a part for each of several clusters", () => {
    const [clocks, realm] = findings;
    assert.ok(clocks && realm);
    const text = asText([clocks, { ...realm, cluster: "sso" }, { ...clocks, cluster: "berlin" }], false);
    assert.equal(
      text,
      [
        "pass  Clocks  they agree",
        "",
        'Proxmox "sso"',
        "FAIL  Realm   it is gone",
        "              Run pulumi up.",
        "",
        'Proxmox "berlin"',
        "pass  Clocks  they agree",
        "",
        "2 passed, 0 warned, 1 failed.",
      ].join("\n"),
    );
    assert.equal(
      failing([{ ...realm, cluster: "sso" }, { ...realm, cluster: "berlin" }, clocks]),
      "Realm (sso), Realm (berlin)",
    );
  });

  it("is JSON for programs", () => {
    assert.deepEqual(JSON.parse(asJson(findings)), { ok: false, findings });
    assert.equal(hasFailed(findings.slice(0, 1)), false);
  });
});

describe("npm run trust checks authentik from each node", { concurrency: 1 }, () => {
  it("after an up, which has created the realms", async () => {
    const { code, output } = await printedBy(async () => await lookFromNodes(await contextOf()));
    assert.equal(code, 0, output);
    assert.equal(output.match(/^pass: .*reaches authentik, trusts its certificate/gm)?.length, 3, output);
    await lab.node2TrustsNothing();
    const untrusted = await printedBy(async () => await lookFromNodes(await contextOf()));
    await lab.node2TrustsOurs();
    assert.equal(untrusted.code, 1);
    assert.match(untrusted.output, new RegExp(`^fail: At ${lab.node2.url}: .*issuer certificate`, "m"));
  });

  it("and leaves the check to the proof before the first up", async () => {
    const before = async () => await lookFromNodes(await contextOf({ beforeUp: true }));
    const { code, output } = await printedBy(before);
    assert.equal(code, 0);
    assert.match(output, /Now run pulumi up/);
  });
});
