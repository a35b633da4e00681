import * as pulumi from "@pulumi/pulumi";
import { defaultImages } from "../../../../components/images";
import { DockerHost } from "../../../../components/stack/docker";
import type { DockerOptions } from "../../../../components/stack/dockerOptions";
import { runDatabase } from "../../../../components/stack/postgres";
import { startedProvider } from "../../../../providers/runtime/startedProvider";
import { SharedValues } from "../../../../providers/sso/identity";

const config = new pulumi.Config();

/** The part of the stack that needs no authentik, on each Docker host in the config. */
for (const [name, options] of Object.entries(config.requireObject<Record<string, DockerOptions>>("hosts"))) {
  // The types of the parents distinguish the resources, not their names.
  const parent = new pulumi.ComponentResource(
    `docker-hosts:index:${name}`,
    name,
    {},
    { providers: [startedProvider] },
  );
  const identity = new SharedValues("identity", {}, { parent });
  const host = new DockerHost(`docker-hosts-${name}`, parent, identity.serialNumber, options, false);
  const network = host.network("backend", true);
  const volume = host.volume("database", "database");
  const image = host.image("postgres", defaultImages.postgres);
  const context = host.containers(
    { data: "database", authentik: "2026.5.0", postgres: 16 },
    { authentik: "2026.5.0", postgresImage: defaultImages.postgres, bootstraps: true, isLab: true },
  );
  const password = config.requireSecret("password");
  runDatabase(context, { image, network, volume, password, memoryMegabytes: 256 });
}
