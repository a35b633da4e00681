import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { type CaseResult, measureCase } from "../bench/measure";
import type { Calls } from "../bench/servers";
import { stepsInParts } from "../bench/steps";

const clusters = 6;
/** Certificate, provider and application in authentik; the realm on Proxmox. */
const objects = { authentik: 3 * clusters, proxmox: clusters };
const none: Calls = { authentikReads: 0, authentikWrites: 0, proxmoxReads: 0, proxmoxWrites: 0 };
/** This test measures no time. `npm run bench` does. */
const untimed = async () => ({ seconds: 0, cpuSeconds: 0, peakMebibytes: 0 });

describe(`what ${clusters} clusters cost with the real CLI`, () => {
  let result: CaseResult;
  before(async () => {
    result = await measureCase({ clusters, load: 0, access: false, login: true }, untimed, stepsInParts);
  });

  function callsOf(step: string): Calls {
    const found = result.steps.find((candidate) => candidate.step === step);
    assert.ok(found, step);
    return found.calls;
  }

  it("readiness is one read", () => assert.deepEqual(callsOf("readiness"), { ...none, authentikReads: 1 }));

  it("up writes each object once, reads three times from authentik, and once from each Proxmox", () => {
    assert.deepEqual(callsOf("objects"), {
      authentikReads: 3,
      authentikWrites: objects.authentik,
      proxmoxReads: clusters,
      proxmoxWrites: objects.proxmox,
    });
  });

  it("proofs with a login share a user: each calls authentik at most 13 times, and the node 6 times", () => {
    const { authentikReads, authentikWrites } = callsOf("proofs of login");
    // The node's request for a token. Per user its creation, password and removal, and two answers of the login flow.
    assert.ok(authentikWrites >= clusters + 5 && authentikWrites <= 6 * clusters, `${authentikWrites}`);
    assert.ok(authentikReads + authentikWrites <= (13 + 6) * clusters, `${authentikReads}`);
  });

  for (const step of ["preview, no change", "up, no change"]) {
    it(`${step}: no call`, () => assert.deepEqual(callsOf(step), none));
  }

  for (const step of ["refresh", "preview with refresh"]) {
    it(`${step}: authentik gets requests for lists, not for each object, and each Proxmox gets one`, () => {
      const { authentikReads, ...others } = callsOf(step);
      assert.deepEqual({ ...others, authentikReads: 0 }, { ...none, proxmoxReads: clusters });
      // A list of each kind, and the token's user. The first read of a kind requests its object alone.
      assert.ok(authentikReads <= 4 + 3, `${authentikReads}`);
    });
  }

  const listsOfKinds = 3;
  /** Whether the list of applications is complete. */
  const ownRights = 1;

  /** Groups, mappings, providers, certificates and applications, among which an interrupted run may have left something. */
  const listsOfUnrecorded = 5;
  /** The same on Proxmox: groups, users and the realm. */
  const unrecordedOnProxmox = 3;

  it("destroy recognizes the objects of authentik in a list of each kind, and each realm, before it deletes them", () => {
    const { authentikReads, ...others } = callsOf("destroy");
    assert.deepEqual(others, {
      authentikWrites: objects.authentik,
      // The realm and its users.
      proxmoxReads: (2 + unrecordedOnProxmox) * clusters,
      proxmoxWrites: objects.proxmox,
    });
    // A slow machine needs a second list of a kind.
    const lists = listsOfKinds + listsOfUnrecorded + 2 * ownRights;
    assert.ok(authentikReads <= 2 * lists, `${authentikReads}`);
  });

  it("the state needs less than 3 KB per resource", () => {
    assert.ok(result.stateBytes / result.resources < 3072, `${result.stateBytes / result.resources}`);
  });
});
