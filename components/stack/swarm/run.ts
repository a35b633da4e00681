import * as pulumi from "@pulumi/pulumi";
import type { AuthentikStackArgs } from "../../authentikStackArgs";
import { defaults } from "../../model/defaults";
import type { Swarm } from "../../model/swarm";
import type { DockerHost } from "../docker";
import { refuseLabImage } from "../labImages";
import { hasBootstrap, processArgs, type Ran } from "../oneHost";
import type { Running } from "../running";
import { runAuthentikInSwarm } from "./authentik";
import { pinned } from "./image";

/** Nothing between people and authentik's own certificate adds a header. */
const onlyOwn = ["127.0.0.0/8", "::1/128"];

/** authentik's servers and workers as services of a swarm. The database is outside. */
export function runInSwarm(
  host: DockerHost,
  args: AuthentikStackArgs,
  { running, swarm, retainOnDelete }: { running: Running; swarm: Swarm; retainOnDelete: boolean },
): Ran {
  const { stack } = defaults;
  const { endpoint, pullImages, registry, own } = host.inSwarm;
  const network = host.network("overlay", false);
  const context = host.containers(
    { data: args.externalDatabase?.host ?? "", authentik: running.version },
    {
      authentik: running.said,
      postgresImage: undefined,
      bootstraps: hasBootstrap(args),
      isLab: !retainOnDelete,
    },
  );
  const image = pulumi
    .all([running.image, registry && pulumi.output(registry), own])
    .apply(async ([image, login, own]) => {
      if (args.production) await refuseLabImage(endpoint, image);
      return pinned(endpoint, own, { image, asked: pullImages, login });
    });
  const rollouts = runAuthentikInSwarm(
    { ...context, ...host.inSwarm, network, swarm, secretKey: args.secrets.secretKey },
    {
      ...processArgs(args, running),
      trustedProxies: args.trustedProxies ?? (args.tls ? onlyOwn : []),
      image: pulumi.unsecret(image),
      mounts: args.mounts ?? [],
      memoryMegabytes: args.memoryMegabytes ?? stack.memoryMegabytes,
      cpus: args.cpus,
      httpPort: args.httpPort ?? stack.httpPort,
      httpsPort: args.httpsPort ?? stack.httpsPort,
    },
  );
  return {
    runsOn: rollouts.map(({ revision }) => revision),
    database: undefined,
    service: context.name("server"),
  };
}
