import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it } from "node:test";
import { startProxmox } from "../../lab/proxmox/server";
import { simulatedLabel } from "../../providers/docker/objects";
import { sample } from "../tools/sample";
import { exampleConfig, exampleFiles } from "./example";
import { useEngine } from "./harness";
import { Stack } from "./stack";

const secret = {
  authentikToken: "example-token",
  authentikSecretKey: "example-secret-key",
  authentikBootstrapPassword: "example-password",
  postgresPassword: "example-database-password",
  proxmoxToken: "pulumi@pve!sso=11111111-2222-3333-4444-555555555555",
  registryPassword: "example-registry-password",
};

/** Examples with a login: the cluster below, each other one in a file of its own. */
const loggingIn = ["backup-server.yaml", "cluster.yaml", "behind-nginx.yaml", "own-certificate.yaml"];

describe("the example configs can be previewed, with no server reachable", { concurrency: 1 }, () => {
  const previewed = exampleFiles().filter((name) => !loggingIn.includes(name));
  for (const file of sample(previewed, (name) => name === previewed[0])) {
    it(file, async () => {
      const stack = await Stack.create({ plain: exampleConfig(file), secret });
      try {
        const unreachable = { DOCKER_HOST: "tcp://127.0.0.1:1" };
        assert.match(await stack.preview(unreachable), /Resources:\n\s+\+ \d+ to create/);
      } finally {
        await stack.remove();
      }
    });
  }
});

describe("the example single node, which is for production", () => {
  it("is refused at preview if Docker has an image that the lab created", async () => {
    const stack = await Stack.create({ plain: exampleConfig("single-node.yaml"), secret });
    const docker = createServer(({ url }, response) => {
      const isSimulator = url?.includes("goauthentik");
      const Labels = isSimulator ? { [simulatedLabel]: "true" } : null;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ Config: { Labels } }));
    });
    await new Promise<void>((resolve) => docker.listen(0, "127.0.0.1", resolve));
    try {
      const DOCKER_HOST = `tcp://127.0.0.1:${Object(docker.address()).port}`;
      const output = await stack.failingPreview({ DOCKER_HOST });
      const diagnostics = output.slice(output.indexOf("Diagnostics:"));
      const errors = diagnostics.match(/error: .*/g) ?? [];
      assert.equal(errors.length, 1, output);
      assert.match(
        `${errors[0]}`,
        /^error: Not fit for production: the image ghcr\.io\/goauthentik\/server:\S+ on this Docker was made by the lab.*docker image rm/,
      );
    } finally {
      docker.close();
      await stack.remove();
    }
  });
});

describe("the example cluster, with two nodes of the lab", () => {
  const engine = useEngine();

  it("logs in, and each node is checked", async () => {
    const { proxmox: first, authentik } = engine.servers;
    const asked: string[] = [];
    const second = await startProxmox({
      port: 0,
      rootPassword: "of no use",
      clusterOf: first.node,
      onRequest: ({ method, path }) => asked.push(`${method} ${path}`),
    });
    try {
      const plain = exampleConfig("cluster.yaml", {
        "https://auth.example.com": authentik.httpUrl,
        "https://pve.example.com:8006": first.url.replace("localhost", "127.0.0.1"),
        "https://pve1.example.com:8006": first.url,
        "https://pve2.example.com:8006": second.url,
        "https://pve3.example.com:8006": second.url.replace("localhost", "127.0.0.1"),
        proxmoxCa: first.caPem,
      });
      await engine.stack.configure({ plain });
      assert.match(
        await engine.stack.up(),
        /akadmin@sso\\?" logged in through authentik \(4 addresses checked\)/,
      );
      const authUrl = "POST /api2/json/access/openid/auth-url";
      assert.deepEqual(
        asked.filter((request) => request === authUrl),
        [authUrl, authUrl],
      );
    } finally {
      await second.close();
    }
  });
});
