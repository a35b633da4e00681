import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { UserError } from "../../../../providers/core/errors";
import { isNoManager, removeSwarmObjects, swarmObjects } from "../../../../providers/docker/swarm/objects";
import { startManager } from "../../../tools/swarm-manager";

/** The words of Docker's Engine (moby, daemon/cluster/errors.go and swarmkit). */
const worker =
  "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.";
const noSwarm =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';
const noLeader =
  "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.";

suite("a Docker host that refuses to list the objects of a swarm", () => {
  for (const [message, advice] of [
    [worker, /`dockerHost` must be a manager of the swarm/],
    [noSwarm, /`dockerHost` must be a manager of the swarm/],
    [noLeader, /More than half of the swarm's managers must be online/],
  ] as const) {
    test(`gets the right advice: ${message.slice(0, 60)}`, async (context) => {
      const answers = { "/services": { message }, "/secrets": { message }, "/configs": { message } };
      const socket = await startManager(context, answers, 503);
      await assert.rejects(swarmObjects({ host: `unix://${socket}` }), {
        name: "UserError",
        message: advice,
      });
    });
  }
});

test("the name of a host says nothing about its swarm", () => {
  const unreachable = "Docker does not answer at ssh://admin@swarm1.example.com: connect ECONNREFUSED.";
  assert.equal(isNoManager(new UserError(unreachable)), false);
});

test("a secret that a service still uses is reported, with the way out", async (context) => {
  const message =
    "rpc error: code = InvalidArgument desc = secret 'sso-password-aaa' is in use by the following service: sso-server";
  const socket = await startManager(context, { "/secrets/one": { message } }, 400);
  const secret = { kind: "secret", id: "one", name: "sso-password-aaa", labels: {} } as const;
  await assert.rejects(removeSwarmObjects({ host: `unix://${socket}` }, [secret]), {
    name: "UserError",
    message:
      /^The secret "sso-password-aaa" cannot be created again.*sso-server.*Set the value of that run again/,
  });
});
