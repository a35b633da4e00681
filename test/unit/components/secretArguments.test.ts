import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { existingAuthentik } from "../../../components/authentikServer";
import { AuthentikStack } from "../../../components/authentikStack";
import { ProxmoxAuthentikSso } from "../../../components/proxmoxAuthentikSso";
import { openTexts } from "../config/program";

/** The argument as a secret output whose text names it. */
const canary = (argument: string) => pulumi.secret(`canary-${argument}`);

/** What the engine receives in plain text. */
async function openInputs(declare: () => unknown): Promise<string[]> {
  const open: string[] = [];
  let resources = 0;
  const newResource = ({ name, inputs, id }: pulumi.runtime.MockResourceArgs) => {
    resources++;
    open.push(...openTexts(inputs).map((text) => `${name}: ${text}`));
    return { id: id ?? `${name}-id`, state: inputs };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "sso", "canaries", true);
  try {
    declare();
  } finally {
    await pulumi.runtime.disconnect();
  }
  assert.ok(resources > 5);
  return open.filter((text) => /canary|203\.0\.113\.77/.test(text));
}

suite("an argument of a component that is a secret output reaches no resource in plain text", () => {
  test("in authentik on Docker", async () => {
    const secrets = {
      secretKey: canary("secretKey"),
      databasePassword: canary("databasePassword"),
      redisPassword: canary("redisPassword"),
      bootstrapPassword: canary("bootstrapPassword"),
      bootstrapToken: canary("bootstrapToken"),
    };
    const environment = {
      AUTHENTIK_EMAIL__PASSWORD: canary("email"),
      AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS: pulumi.secret("203.0.113.77/32"),
      HTTPS_PROXY: canary("proxy"),
    };
    const registry = { address: "registry.example.com", username: "puller", password: canary("registry") };
    const url = "https://auth.example.com";
    assert.deepEqual(
      await openInputs(
        () => new AuthentikStack("authentik", { url, secrets, environment, docker: { registry } }),
      ),
      [],
    );
  });

  test("in single sign-on for a cluster", async () => {
    const authentik = existingAuthentik({ url: "https://auth.example.com" });
    const realm = {
      comment: canary("comment"),
      scopes: canary("scopes"),
      prompt: canary("prompt"),
      acrValues: canary("acr"),
      audiences: canary("audiences"),
    };
    const application = {
      name: canary("name"),
      launchUrl: canary("launchUrl"),
      description: canary("description"),
      publisher: canary("publisher"),
      group: canary("group"),
      icon: canary("icon"),
    };
    const oauth2 = {
      name: canary("provider"),
      postLogoutRedirectUris: [{ url: canary("logout") }],
      logoutUri: canary("logoutUri"),
      authenticationFlow: canary("authentication"),
      authorizationFlow: canary("authorization"),
      invalidationFlow: canary("invalidation"),
      scopeMappings: [canary("mapping")],
      accessCodeValidity: canary("code"),
      accessTokenValidity: canary("token"),
      refreshTokenValidity: canary("refresh"),
      refreshTokenThreshold: canary("threshold"),
      jwtFederationSources: [canary("source")],
    };
    assert.deepEqual(
      await openInputs(
        () =>
          new ProxmoxAuthentikSso("sso", {
            authentik,
            proxmox: { addresses: ["https://pve.example.com:8006"] },
            realm,
            application,
            oauth2,
            certificate: { name: canary("certificate") },
            clientSecret: canary("clientSecret"),
            allowEveryone: true,
          }),
      ),
      [],
    );
  });
});
