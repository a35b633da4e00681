import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { nextSteps } from "../../../components/outputs";

suite("the next step names the address, the realm and who says what users may do", () => {
  for (const [hasAccess, expected] of [
    [true, /The groups of `access` define/],
    [false, /have no permissions yet: set them with `access`/],
  ] as const) {
    test(hasAccess ? "with access" : "without", async () => {
      const redirectUris = pulumi.output(["https://pve.example.com:8006"]);
      const text = await new Promise((resolve) =>
        nextSteps({ redirectUris, realm: pulumi.output("authentik"), hasAccess }).apply(resolve),
      );
      assert.match(String(text), /https:\/\/pve\.example\.com:8006.*"authentik \(single sign-on\)"/);
      assert.match(String(text), expected);
    });
  }
});
