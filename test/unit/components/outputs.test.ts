import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { nextSteps } from "../../../components/outputs";

test("the next step names the address, the realm and where to grant roles", async () => {
  const text = await new Promise((resolve) =>
    nextSteps(["https://pve.example.com:8006"], pulumi.output("authentik")).apply(resolve),
  );
  assert.match(String(text), /https:\/\/pve\.example\.com:8006.*"authentik \(single sign-on\)".*Permissions/);
});
