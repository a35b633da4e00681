import { createHash } from "node:crypto";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { runService, type StackContext } from "./service";

export const redisHost = "redis";

interface RedisArgs {
  readonly image: pulumi.Input<string>;
  readonly network: docker.Network;
  readonly volume: docker.Volume;
  readonly memoryMegabytes: number;
  readonly password: pulumi.Input<string> | undefined;
}

const start = ["redis-server", "--save", "60", "1", "--loglevel", "warning", "--dir", "/data"];

/** Sets the password by its hash. Docker cannot copy a file into a container with a read-only root. */
function withPassword(password: pulumi.Input<string>): pulumi.Output<string[]> {
  return pulumi.unsecret(
    pulumi.output(password).apply((password) => {
      const hash = createHash("sha256").update(password).digest("hex");
      return [...start, "--user", "default", "on", `#${hash}`, "~*", "&*", "+@all"];
    }),
  );
}

export function runRedis(context: StackContext, args: RedisArgs): docker.Container {
  return runService(context, "redis", {
    image: args.image,
    memoryMegabytes: args.memoryMegabytes,
    environment: {},
    files: {},
    fileOwner: "0",
    capabilities: ["CAP_CHOWN", "CAP_SETGID", "CAP_SETUID"],
    command: args.password === undefined ? start : withPassword(args.password),
    healthcheck: {
      // redis is up if it answers, even with the error that a password is required.
      tests: ["CMD-SHELL", `redis-cli ping | grep -q ${args.password === undefined ? "PONG" : "NOAUTH"}`],
      interval: "2s",
      timeout: "3s",
      retries: 30,
      startPeriod: "10s",
    },
    waitUntilHealthy: true,
    networks: [{ name: args.network.name, aliases: [redisHost] }],
    volumes: [{ volume: args.volume, path: "/data" }],
  });
}
