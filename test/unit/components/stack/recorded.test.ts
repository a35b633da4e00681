import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  childrenOf,
  knownOfData,
  type Recorded,
  volumePrefixIn,
} from "../../../../components/stack/recorded";
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
const facts = { postgresImage: "docker.io/library/postgres:16-alpine", bootstraps: false, isLab: true };

suite("what the state has", () => {
  test("is told apart by the parents' types", () => {
    const other = { urn: volume.urn.replace("AuthentikStack", "Other"), outputs: {} };
    const parent = "urn:pulumi:prod::sso::proxmox-authentik-sso:index:AuthentikStack::authentik";
    assert.deepEqual(childrenOf([other, volume], parent), [volume]);
  });

  test("names the volumes as they were made", () => {
    assert.equal(volumePrefixIn([volume], "new-name"), "old-name");
    assert.equal(volumePrefixIn([], "new-name"), "new-name");
  });

  test("shows that an empty database begins, which cannot be without bootstrap values", () => {
    assert.match(knownOfData([], facts).cannotBegin ?? "", /Set `authentikBootstrap` to true/);
    assert.match(knownOfData([versions], { ...facts, isLab: false }).cannotBegin ?? "", /authentikBootstrap/);
  });

  test("lets it begin with them, and go on without them", () => {
    assert.equal(knownOfData([], { ...facts, bootstraps: true }).cannotBegin, undefined);
    assert.equal(knownOfData([volume], facts).cannotBegin, undefined);
    assert.equal(knownOfData([], { ...facts, isLab: false }).cannotBegin, undefined, "a lost state");
    assert.deepEqual(knownOfData([], { ...facts, postgresImage: undefined }), {});
  });

  test("shows what PostgreSQL was on", () => {
    const known = knownOfData([volume, image("postgres:16-bookworm")], facts);
    assert.deepEqual(known, { flavourBefore: "Debian", flavour: "alpine" });
  });
});

suite("PostgreSQL's flavour by an image", () => {
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
