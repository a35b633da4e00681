import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { nextSteps } from "../../../components/outputs";

/** Word for word: another text would appear as a change in every stack's next preview. */
suite("the next step names the address, the realm, and who decides about permissions", () => {
  for (const [hasAccess, expected] of [
    [true, / What users may do is up to the groups of `access` that they are in\.$/],
    [false, / New users may do nothing yet: say by `access` which groups may do what\.$/],
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
