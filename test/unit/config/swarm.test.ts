import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { stackArguments } from "../../../config/arguments";
import { deployed, mistakesOf, parse } from "./right";

const inSwarm = { ...deployed, swarm: '{"servers":3}', redis: "false", postgresHost: "db.example.com" };

suite("a swarm in the config", () => {
  test("has defaults for missing values, and does not exist for one host", () => {
    const { config, authentik } = parse(inSwarm);
    const swarm = { servers: 3, workers: 2, publish: "ingress", constraints: [], spread: [] };
    assert.deepEqual(authentik.swarm, swarm);
    assert.deepEqual(stackArguments(config).docker?.swarm, swarm);
    for (const none of ["", "{}"]) {
      const one = parse({ ...deployed, swarm: none });
      assert.equal(one.authentik.swarm, undefined);
      assert.ok(!("swarm" in (stackArguments(one.config).docker ?? {})));
    }
  });

  const mount = (others: object) => JSON.stringify([{ source: "/srv/certs", target: "/certs", ...others }]);

  for (const [config, expected] of [
    [{ postgresHost: "" }, /^postgresHost is missing: the database of a swarm must be outside/],
    [{ redis: "true" }, /^redis is on, but .*Set it to false/],
    [
      { bindAddress: "10.0.0.1" },
      /^bindAddress is 10\.0\.0\.1, but a swarm publishes its ports on every address/,
    ],
    [{ httpBindAddress: "127.0.0.1" }, /^httpBindAddress is 127\.0\.0\.1, but a swarm publishes/],
    [{ databaseVolume: "other" }, /^databaseVolume has no effect in a swarm/],
    [{ dockerSubnets: '{"backend":"10.1.0.0/24"}' }, /^dockerSubnets has a subnet for `backend`/],
    [{ mounts: mount({}) }, /^mounts has \/srv\/certs, but every node needs the same files/],
    [{ swarm: '{"publish":"host"}' }, /^authentikApiUrl is missing: with `publish: host`/],
    [{ swarm: '{"servers":0}' }, /^swarm must be a number of replicas, from 1 to 100/],
    [{ swarm: '{"publish":"vip"}' }, /^swarm must be ingress or host/],
    [{ swarm: '{"constraints":["node"]}' }, /^swarm must be a list of placement constraints/],
    [{ swarm: '{"spread":["zone"]}' }, /^swarm must be a list of node labels/],
    [{ swarm: '{"managers":1}' }, /^swarm\S* is not a configuration key of this program/],
    [{ swarm: "3" }, /^swarm must be an object/],
  ] as const) {
    test(`${JSON.stringify(config)} is refused`, () => {
      const mistakes = mistakesOf({ ...inSwarm, ...config });
      assert.equal(mistakes.length, 1, mistakes.join("\n"));
      assert.match(mistakes[0] ?? "", expected);
    });
  }

  test("accepts shared folders, and host ports with the balancer's address", () => {
    const config = {
      ...inSwarm,
      mounts: mount({ shared: true }),
      swarm: '{"publish":"host"}',
      authentikApiUrl: "http://auth.example.com:9000",
    };
    assert.deepEqual(mistakesOf(config), []);
  });
});
