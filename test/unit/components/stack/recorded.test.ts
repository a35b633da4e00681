import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  childrenOf,
  knownOfData,
  type Recorded,
  volumePrefixIn,
  whenWritten,
} from "../../../../components/stack/recorded";
import { startPeriodIn } from "../../../../components/stack/running";
import { stackLabel } from "../../../../providers/docker/objects";
import { postgresFlavourIn } from "../../../../providers/docker/upgrades";

const start = "urn:pulumi:prod::sso::proxmox-authentik-sso:index:AuthentikStack$";
const volume: Recorded = {
  urn: `${start}docker:index/volume:Volume::database`,
  outputs: { labels: [{ label: stackLabel, value: "old-name" }] },
};
const image = (name: string): Recorded => ({
  urn: `${start}docker:index/remoteImage:RemoteImage::postgres-image`,
  outputs: { name },
});
const versions: Recorded = {
  urn: `${start}pulumi-nodejs:dynamic/docker:DataVersions::data-versions`,
  outputs: {},
};
const facts = {
  authentik: "ghcr.io/goauthentik/server:2026.8.2",
  postgresImage: "docker.io/library/postgres:16-alpine",
  bootstraps: false,
  isLab: true,
  docker: {},
};
const answered = (version: string, revision = "2026-11-02"): Recorded => ({
  urn: `${start}pulumi-nodejs:dynamic/authentik:Readiness::readiness`,
  outputs: { version, revision },
});
const begun = (day: string): Recorded => ({ ...versions, outputs: { begun: day } });

suite("the recorded state", () => {
  test("identifies resources by their parents' types", () => {
    const other = { urn: volume.urn.replace("AuthentikStack", "Other"), outputs: {} };
    const parent = "urn:pulumi:prod::sso::proxmox-authentik-sso:index:AuthentikStack::authentik";
    assert.deepEqual(childrenOf([other, volume], parent), [volume]);
  });

  test("keeps the health check's start period until the image changes", () => {
    const images = {
      ...image("authentik:1"),
      urn: `${start}docker:index/remoteImage:RemoteImage::authentik-image`,
    };
    const server = {
      urn: `${start}docker:index/container:Container::server`,
      outputs: { healthcheck: { startPeriod: "1m0s" } },
    };
    assert.equal(startPeriodIn([], "authentik:1"), "2m0s");
    assert.equal(startPeriodIn([images, server], "authentik:1"), "1m0s");
    assert.equal(startPeriodIn([images, server], "authentik:2"), "2m0s");
  });

  test("keeps the names with which the volumes were created", () => {
    assert.equal(volumePrefixIn([volume], "new-name"), "old-name");
    assert.equal(volumePrefixIn([], "new-name"), "new-name");
  });

  test("explains that an empty database requires bootstrap values", () => {
    assert.match(knownOfData([], facts).cannotBegin ?? "", /Set `authentikBootstrap` to true/);
    assert.match(knownOfData([versions], { ...facts, isLab: false }).cannotBegin ?? "", /authentikBootstrap/);
  });

  test("requires the bootstrap values only to start with an empty database", () => {
    assert.equal(knownOfData([], { ...facts, bootstraps: true }).cannotBegin, undefined);
    assert.equal(knownOfData([volume], facts).cannotBegin, undefined);
    assert.equal(knownOfData([], { ...facts, isLab: false }).cannotBegin, undefined, "a lost state");
    assert.deepEqual(knownOfData([], { ...facts, postgresImage: undefined }), { isExternal: true });
  });

  test("has the variant of PostgreSQL that created the data", () => {
    const known = knownOfData([volume, image("postgres:16-bookworm")], facts);
    assert.deepEqual(known, { flavourBefore: "Debian", flavour: "alpine" });
  });
});

suite("the version that worked on the data", () => {
  const ranOf = (recorded: Recorded[], authentik = facts.authentik) =>
    knownOfData(recorded, { ...facts, authentik }).ran;

  test("comes from the server, not from the image's tag", () => {
    assert.equal(ranOf([volume, answered("2026.5.7")]), "2026.5.7");
    assert.equal(knownOfData([answered("2026.5.7")], { ...facts, postgresImage: undefined }).ran, "2026.5.7");
    assert.equal(ranOf([volume]), undefined);
  });

  test("ignores a server that worked on other data", () => {
    assert.equal(ranOf([answered("2026.5.7"), begun("2026-11-01")]), "2026.5.7");
    assert.equal(ranOf([answered("2026.5.7"), begun("2026-11-03")]), undefined);
  });

  test("has no patch for an image whose tag has none", () => {
    assert.equal(ranOf([answered("2026.5.7")], "ghcr.io/goauthentik/server:2026.5"), "2026.5.0");
    assert.equal(ranOf([answered("2026.5.7")], "ghcr.io/goauthentik/server:2026.5.6"), "2026.5.7");
    assert.equal(ranOf([answered("2026.5.7")], "2026.8"), "2026.5.7");
  });

  test("comes with the container in which the database can be queried", () => {
    const container = {
      urn: `${start}docker:index/container:Container::postgres`,
      outputs: { name: "prod-postgres" },
    };
    assert.deepEqual(knownOfData([volume, container], facts).database, {
      docker: {},
      container: "prod-postgres",
    });
  });
});

suite("PostgreSQL's variant by image", () => {
  for (const [name, flavour] of [
    ["docker.io/library/postgres:16-alpine", "alpine"],
    ["postgres:17.2-alpine3.21", "alpine"],
    ["registry.example.com/mirror/postgres:16", "Debian"],
    ["postgres:16-bookworm@sha256:0123", "Debian"],
    ["postgres@sha256:0123", undefined],
    ["bitnami/postgresql:16", undefined],
    ["ghcr.io/acme/my-postgres:16", undefined],
  ] as const) {
    test(`${name}: ${flavour}`, () => assert.equal(postgresFlavourIn(name), flavour));
  }
});

test("the state is read again if the engine writes it at the same time, and any other error is reported", async () => {
  const whileWritten =
    "invocation of pulumi:pulumi:readStackResourceOutputs returned an error: failed to load checkpoint: EOF";
  const answers = [whileWritten, whileWritten];
  const read = async () => {
    const error = answers.shift();
    if (error !== undefined) throw new Error(error);
    return "the state";
  };
  assert.equal(await whenWritten(read), "the state");
  answers.push("unknown stack", whileWritten);
  await assert.rejects(whenWritten(read), /unknown stack/);
  assert.equal(answers.length, 1, "it is not read again");
});
