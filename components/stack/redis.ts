import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { runService, type StackContext } from "./service";

export const redisHost = "redis";

export interface RedisArgs {
  readonly image: pulumi.Input<string>;
  readonly network: docker.Network;
  readonly volume: docker.Volume;
  readonly memoryMegabytes: number;
}

export function runRedis(context: StackContext, args: RedisArgs): docker.Container {
  return runService(context, "redis", {
    image: args.image,
    memoryMegabytes: args.memoryMegabytes,
    environment: {},
    files: {},
    fileOwner: "0",
    capabilities: ["CAP_CHOWN", "CAP_SETGID", "CAP_SETUID"],
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
    volumes: [{ volume: args.volume, path: "/data" }],
  });
}
