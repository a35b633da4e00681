import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { labels, runService, type StackContext } from "./service";

export const redisHost = "redis";

export interface RedisArgs {
  readonly image: pulumi.Input<string>;
  readonly network: docker.Network;
  readonly memoryMegabytes: number;
}

export function runRedis(context: StackContext, args: RedisArgs): docker.Container {
  const volume = new docker.Volume(
    "redis-data",
    { name: `${context.prefix}-redis`, labels: labels(context) },
    { parent: context.parent, provider: context.provider },
  );
  return runService(context, "redis", {
    image: args.image,
    memoryMegabytes: args.memoryMegabytes,
    environment: {},
    files: {},
    fileOwner: "0",
    command: ["redis-server", "--save", "60", "1", "--loglevel", "warning", "--dir", "/data"],
    healthcheck: {
      tests: ["CMD-SHELL", "redis-cli ping | grep -q PONG"],
      interval: "2s",
      timeout: "3s",
      retries: 30,
      startPeriod: "10s",
    },
    waitUntilHealthy: true,
    networks: [{ name: args.network.name, aliases: [redisHost] }],
    volumes: [{ volume, path: "/data" }],
  });
}
