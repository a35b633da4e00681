import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { AuthentikStack } from "../../../../components/authentikStack";
import { defaultImages } from "../../../../components/images";
import { isToPull, pull } from "../../../../components/stack/pull";
import { serve } from "../../providers/http/server";

const login = { address: "registry.example.com", username: "puller", password: "of-the-registry" };

/** A Docker host that gives this answer to each pull. Records the requests. */
async function dockerThat(context: TestContext, answer: string) {
  const asked: { url: string | undefined; auth: string | string[] | undefined }[] = [];
  const { url } = await serve(context, (request, response) => {
    asked.push({ url: request.url, auth: request.headers["x-registry-auth"] });
    response.end(answer);
  });
  return { docker: { host: url.replace("http:", "tcp:") }, asked };
}

suite("an image without a digest", () => {
  test("is pulled again when `pullImages` changes, unless it has a digest", () => {
    const own = (...pullTriggers: string[]) => [
      { urn: "urn::docker:index/remoteImage:RemoteImage::postgres-image", outputs: { pullTriggers } },
    ];
    const image = "postgres:16-alpine";
    assert.equal(isToPull([], "postgres", image, "today"), true);
    assert.equal(isToPull(own("yesterday"), "postgres", image, "today"), true);
    assert.equal(isToPull(own("today"), "postgres", image, "today"), false);
    assert.equal(isToPull([], "postgres", `${image}@sha256:${"0".repeat(64)}`, "today"), false);
  });

  test("is pulled by its tag, with the login of its own registry only", async (context) => {
    const { docker, asked } = await dockerThat(context, '{"status":"Pull complete"}\n');
    await pull(docker, "registry.example.com/goauthentik/server:2026.8", { login, platform: "linux/arm64" });
    await pull(docker, "ghcr.io/goauthentik/server", { login });
    const [own, other] = asked;
    const query = new URLSearchParams(own?.url?.split("?")[1]);
    assert.deepEqual(Object.fromEntries(query), {
      fromImage: "registry.example.com/goauthentik/server",
      tag: "2026.8",
      platform: "linux/arm64",
    });
    assert.equal(String(own?.auth).length % 4, 0, "with padding, without which Docker uses no login");
    assert.deepEqual(JSON.parse(Buffer.from(String(own?.auth), "base64url").toString()), {
      username: "puller",
      password: "of-the-registry",
      serveraddress: "registry.example.com",
    });
    assert.equal(other?.auth, undefined);
    assert.match(other?.url ?? "", /tag=latest/, "else Docker pulls every tag");
  });

  test("that cannot be pulled fails the up with Docker's message", async (context) => {
    const { docker } = await dockerThat(context, '{"status":"Pulling"}\n{"error":"manifest unknown"}\n');
    await assert.rejects(
      pull(docker, "postgres:16-alpine", {}),
      /Unable to pull the image postgres:16-alpine, as `pullImages` asks: manifest unknown/,
    );
  });
});

suite("the images of a stack", () => {
  async function imagesOf(docker: { pullImages?: string }): Promise<Record<string, unknown>> {
    const images: Record<string, unknown> = {};
    const newResource = ({ type, name, inputs, id }: pulumi.runtime.MockResourceArgs) => {
      if (type.endsWith(":RemoteImage")) images[name] = inputs;
      return { id: id ?? `${name}-id`, state: inputs };
    };
    await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "stack", true);
    const secrets = { secretKey: "key", databasePassword: "password" };
    new AuthentikStack("authentik", { url: "https://auth.example.com", secrets, docker });
    await pulumi.runtime.disconnect();
    return images;
  }

  test("record when they were pulled, only if `pullImages` is set", async () => {
    const asked = await imagesOf({ pullImages: "today" });
    assert.deepEqual(asked["postgres-image"], {
      name: defaultImages.postgres,
      keepLocally: true,
      pullTriggers: ["today"],
    });
    const image = { name: defaultImages.postgres, keepLocally: true };
    assert.deepEqual((await imagesOf({}))["postgres-image"], image);
  });

  test("have by default a tag that stays within one major version", () => {
    for (const image of Object.values(defaultImages)) assert.match(image, /:\d+(\.\d+\.\d+|-alpine)$/);
  });
});
