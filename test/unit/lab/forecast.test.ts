import assert from "node:assert/strict";
import { test } from "node:test";
import { layersOf } from "../../../lab/images/ensure-image";
import { forecastOf } from "../../../lab/setup/forecast";
import { Progress } from "../../../lab/toolchain/go-progress";

test("a first start prints what it installs and how long that takes on this number of cores", () => {
  const cli = { what: "Pulumi's CLI", minutes: 6, compiles: true };
  const images = { what: "images", minutes: 2 };
  assert.match(
    forecastOf([cli, images], 2),
    /This brings, .*:\n {2}- Pulumi's CLI\n {2}- images\nAbout 8 minutes on this machine \(2 cores\), once\.$/,
  );
  assert.match(forecastOf([cli, images], 12), /About 3 minutes on this machine \(12 cores\)/);
  assert.match(forecastOf([images], 1), /About 2 minutes on this machine \(1 core\)/);
});

test("a start prints nothing in advance if everything is installed", () => {
  assert.equal(forecastOf([], 2), "");
});

test("a build reports a few times how many packages are compiled", () => {
  const said: string[] = [];
  const progress = new Progress("pulumi", 100, (text) => said.push(text));
  progress.line("go: downloading golang.org/x/net v0.7.0");
  for (let number = 0; number < 100; number++) progress.line(`golang.org/x/net/${number}`);
  assert.equal(said[0], "go: downloading golang.org/x/net v0.7.0");
  assert.equal(said[1], "building pulumi: 2 of 100 packages compiled");
  assert.equal(said.at(-1), "building pulumi: all 100 packages compiled, linking");
  assert.equal(said.length, 51);
});

test("a pull reports how many layers are complete", () => {
  const said: string[] = [];
  const line = layersOf("image:1", (text) => said.push(text));
  for (const printed of [
    "16-alpine: Pulling from library/postgres",
    "0123456789ab: Pulling fs layer",
    "ba9876543210: Pulling fs layer",
    "0123456789ab: Download complete",
    "0123456789ab: Pull complete",
    "ba9876543210: Pull complete",
  ]) {
    line(printed);
  }
  assert.deepEqual(said, ["downloading image:1: 1 of 2 layers", "downloading image:1: 2 of 2 layers"]);
});
