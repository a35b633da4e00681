import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Cluster, Overview } from "../../../cli/show/overview";
import { statusLine, statusOf } from "../../../cli/show/status";

const dayMs = 86_400_000;
// The extra half day covers the minutes that can pass between the import of this file and its tests.
const after = (days: number) => new Date(Date.now() + (days + 0.5) * dayMs);

function cluster(name: string, changes: Partial<Cluster> = {}): Cluster {
  return {
    name,
    realm: "authentik",
    addresses: [],
    issuer: "",
    proof: { summary: "proved", at: "2026-11-30T01:02:03Z" },
    certificates: [{ name: `${name} signing`, expires: after(340) }],
    isOpen: false,
    groups: [],
    usersOnDelete: "keep",
    ...changes,
  };
}

function overview(...clusters: Cluster[]): Overview {
  return { stack: "prod", authentik: { url: "", version: "", certificates: [] }, clusters };
}

suite("status", () => {
  test("prints one line with the oldest proof and the first certificate to expire", () => {
    const older = { proof: { summary: "", at: "2026-11-02T00:00:00Z" } };
    const status = statusOf(overview(cluster("one"), cluster("two", older)));
    assert.deepEqual(status.problems, []);
    assert.equal(
      statusLine(status),
      "prod: ok, 2 Proxmox proved (oldest proof 2026-11-02), certificates last 340 days",
    );
  });

  for (const [what, changes, problem] of [
    ["no realm", { realm: "" }, /one has no proved login: run pulumi up/],
    ["no proof", { proof: undefined }, /one has no proved login: run pulumi up/],
    [
      "a certificate in its last 30 days",
      { certificates: [{ name: "signing", expires: after(29) }] },
      /certificate signing expires in 29 days: run pulumi up/,
    ],
    [
      "a certificate that has expired",
      { certificates: [{ name: "signing", expires: after(-2) }] },
      /certificate signing has expired: run pulumi up/,
    ],
  ] as const) {
    test(`reports a problem with ${what}`, () => {
      const status = statusOf(overview(cluster("one", changes)));
      assert.equal(status.ok, false);
      assert.match(statusLine(status), problem);
    });
  }

  test("reports a problem before the first up", () => {
    assert.match(statusLine(statusOf(overview())), /created nothing yet: run pulumi up/);
  });

  test("is ok if certificates last thirty days or longer", () => {
    const certificates = [{ name: "signing", expires: after(30) }];
    assert.equal(statusOf(overview(cluster("one", { certificates }))).ok, true);
  });
});
