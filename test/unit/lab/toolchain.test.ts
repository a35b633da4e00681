import assert from "node:assert/strict";
import { afterEach, suite, test } from "node:test";
import { toolchainEnvironment } from "../../../lab/toolchain/toolchain";

suite("the engine works on many resources at a time", () => {
  const given = process.env.PULUMI_PARALLEL;
  const atOnce = () => toolchainEnvironment({ binDir: "bin", pulumiHome: "home" }).PULUMI_PARALLEL;

  afterEach(() => {
    if (given === undefined) delete process.env.PULUMI_PARALLEL;
    else process.env.PULUMI_PARALLEL = given;
  });

  test("on 64, independent of the machine", () => {
    delete process.env.PULUMI_PARALLEL;
    assert.equal(atOnce(), "64");
  });

  test("on the number that the user sets", () => {
    process.env.PULUMI_PARALLEL = "2";
    assert.equal(atOnce(), "2");
  });
});
