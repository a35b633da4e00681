import { win32 } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/** Values that the containers of one stack share. */
export interface StackContext {
  readonly parent: pulumi.Resource;
  readonly provider: docker.Provider;
  /** Resources to create before any container, and to delete after all of them. */
  readonly before: readonly pulumi.Resource[];
  readonly labels: { label: string; value: pulumi.Input<string> }[];
  /** The full name of a Docker object. */
  name(suffix: pulumi.Input<string>): pulumi.Output<string>;
}

export interface Service {
  readonly image: pulumi.Input<string>;
  readonly memoryMegabytes: number;
  readonly cpus?: string | undefined;
  readonly environment: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Files in the container by path. `docker inspect` does not show them, and the state encrypts them. */
  readonly files: Record<string, pulumi.Input<string>>;
  /** More files, whose paths are known later. */
  readonly furtherFiles?: pulumi.Output<Record<string, string>> | undefined;
  /** User id that can read the files. */
  readonly fileOwner: string;
  /** Linux capabilities of its processes. Docker drops all others. */
  readonly capabilities: readonly Capability[];
  readonly entrypoint?: pulumi.Input<string[] | undefined>;
  readonly command?: pulumi.Input<string[]>;
  readonly healthcheck: docker.types.input.ContainerHealthcheck;
  /** Whether `up` waits until the health check passes. */
  readonly waitUntilHealthy: boolean;
  readonly networks: { name: pulumi.Input<string>; aliases: string[] }[];
  readonly volumes?: { volume: docker.Volume; path: string }[];
  readonly mounts?: readonly { source: string; target: string; readOnly?: boolean }[];
  readonly ports?: docker.types.input.ContainerPort[];
  readonly sharedMemoryMegabytes?: number;
  readonly dependsOn?: pulumi.Resource[];
}

/** Capabilities that official images need to change the owner of a volume and to switch to that user. */
export type Capability = "CAP_CHOWN" | "CAP_DAC_OVERRIDE" | "CAP_FOWNER" | "CAP_SETGID" | "CAP_SETUID";

const healthyWithinSeconds = 180;
const stopGraceSeconds = 30;

/** Creates a container that restarts automatically, with limits for memory and logs, and with secrets as files. */
export function runService(context: StackContext, name: string, service: Service): docker.Container {
  const volumes = service.volumes ?? [];
  return new docker.Container(
    name,
    {
      name: context.name(name),
      image: service.image,
      restart: "unless-stopped",
      entrypoints: service.entrypoint,
      command: service.command,
      envs: environmentList(service.environment),
      uploads: uploadsOf(service),
      healthcheck: service.healthcheck,
      wait: service.waitUntilHealthy,
      waitTimeout: healthyWithinSeconds,
      destroyGraceSeconds: stopGraceSeconds,
      memory: service.memoryMegabytes,
      // Without it, Docker sets a value, and every later `up` would replace the container.
      memorySwap: service.memoryMegabytes,
      cpus: service.cpus,
      shmSize: service.sharedMemoryMegabytes,
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
      securityOpts: ["no-new-privileges:true"],
      capabilities: { adds: [...service.capabilities], drops: ["ALL"] },
      // Docker cannot copy files into a container with a read-only root.
      readOnly: Object.keys(service.files).length === 0,
      networksAdvanced: service.networks,
      ports: service.ports,
      volumes: volumes.map(({ volume, path }) => ({ volumeName: volume.name, containerPath: path })),
      mounts: service.mounts?.map(({ source, target, readOnly = true }) => ({
        type: mountType(source),
        source,
        target,
        readOnly,
      })),
      labels: context.labels,
    },
    {
      parent: context.parent,
      provider: context.provider,
      deleteBeforeReplace: true,
      dependsOn: [...context.before, ...(service.dependsOn ?? [])],
    },
  );
}

function uploadsOf({ files, furtherFiles, fileOwner }: Service) {
  const upload = ([file, content]: [string, pulumi.Input<string>]) => ({
    file,
    content,
    owner: fileOwner,
    permissions: "0400",
  });
  const known = Object.entries(files).map(upload);
  if (furtherFiles === undefined) return known;
  return furtherFiles.apply((further) => [...known, ...Object.entries(further).map(upload)]);
}

/** A volume has a name, and a directory has an absolute path. The Windows rule for absolute paths covers both systems. */
export function mountType(source: string): "bind" | "volume" {
  return win32.isAbsolute(source) ? "bind" : "volume";
}

function environmentList(environment: Service["environment"]): pulumi.Output<string[]> {
  return pulumi.output(environment).apply((variables) =>
    Object.entries(variables)
      .map(([key, value]) => `${key}=${value}`)
      .sort(),
  );
}
