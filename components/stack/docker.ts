import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi";
import { UserError } from "../../providers/core/errors";
import { DataVersions, type DataVersionsArgs } from "../../providers/docker/dataVersions";
import { contextOf, type DockerEndpoint, dockerAddress, wayToDocker } from "../../providers/docker/endpoint";
import { Leftovers } from "../../providers/docker/leftovers";
import { markLabel, stackLabel } from "../../providers/docker/objects";
import { gatewayOf } from "../model/subnets";
import { clearTheWay } from "./clearTheWay";
import type { DockerOptions } from "./dockerOptions";
import { refuseLabImage } from "./labImages";
import { isToPull, pull } from "./pull";
import {
  cannotBegin,
  childrenOf,
  type DataFacts,
  idsIn,
  knownOfData,
  type Recorded,
  recordedResources,
  servicesIn,
  volumePrefixIn,
} from "./recorded";
import type { StackContext } from "./service";

/** The Docker host of a stack: its provider, images, networks and volumes. */
export class DockerHost {
  readonly #prefix: string;
  readonly #parent: pulumi.Resource;
  readonly #mark: pulumi.Output<string>;
  readonly #options: DockerOptions;
  readonly #refusesLabImages: boolean;
  readonly #provider: docker.Provider;
  /** All names requested so far. The list is complete when the mark is known. */
  readonly #names: pulumi.Output<string>[] = [];
  readonly #volumePrefix: pulumi.Output<string>;
  readonly #cleared: pulumi.Output<unknown>;
  /** The resources in the stack's state. */
  readonly #recorded: Promise<Recorded[]>;
  readonly #used: pulumi.Resource[] = [];
  /** Suffix of the volume that must exist. */
  #needed: string | undefined;

  /** @param refusesLabImages whether to refuse images that the lab built */
  constructor(
    prefix: string,
    parent: pulumi.Resource,
    mark: pulumi.Output<string>,
    options: DockerOptions,
    refusesLabImages: boolean,
  ) {
    this.#prefix = prefix;
    this.#parent = parent;
    this.#mark = mark;
    this.#options = options;
    this.#refusesLabImages = refusesLabImages;
    const { registry, sshOptions } = options;
    const { host, certPath } = contextOf(this.endpoint) ?? options;
    this.#provider = new docker.Provider(
      "docker",
      {
        host,
        // Empty, because DOCKER_CONTEXT of the environment would take precedence otherwise.
        context: "",
        certPath,
        sshOpts: sshOptions,
        registryAuth:
          registry &&
          namesOf(registry.address).map((address) => ({
            address,
            username: registry.username,
            password: pulumi.secret(registry.password),
          })),
        // With the check, every preview would need the Docker daemon.
        disableDockerDaemonCheck: true,
      },
      { parent },
    );
    this.#recorded = recordedResources();
    this.#volumePrefix = this.recorded((own) => volumePrefixIn(own, prefix));
    this.#cleared = pulumi.runtime.isDryRun()
      ? pulumi.output(undefined)
      : pulumi.all([mark, this.#volumePrefix, pulumi.output(this.#recorded.then(idsIn))]).apply(
          ([mark, volumePrefix, ids]) =>
            // A refusal rejects no output. It ends the program with one clear error instead of one for each dependent
            // property.
            new Promise<void>((resolve) => {
              const recordedIds = new Set(ids);
              const clear = async (names: string[]) => {
                const suffix = this.#needed;
                const needed =
                  suffix === undefined
                    ? undefined
                    : { volume: `${volumePrefix}-${suffix}`, why: cannotBegin };
                const inSwarm = options.swarm !== undefined;
                const formerServices = inSwarm ? [] : idsIn(servicesIn(await this.#recorded));
                return clearTheWay(this.endpoint, {
                  names: new Set(names),
                  volumePrefix,
                  mark,
                  recordedIds,
                  needed,
                  inSwarm,
                  formerServices,
                });
              };
              pulumi.all(this.#names).apply((names) => clear(names).then(resolve));
            }),
        );
  }

  /** Returns an image's id. Docker pulls the image if the host lacks it. The image stays at destroy. */
  image(service: string, name: pulumi.Input<string>): pulumi.Output<string> {
    const { platform, pullImages: asked } = this.#options;
    const image = new docker.RemoteImage(
      `${service}-image`,
      {
        name: asked === undefined ? name : this.#pulled(service, name, asked),
        keepLocally: true,
        platform,
        ...(asked !== undefined && { pullTriggers: [asked] }),
      },
      { parent: this.#parent, provider: this.#provider },
    );
    this.#used.push(image);
    if (!this.#refusesLabImages) return image.imageId;
    // If the image is refused, this promise never resolves, and the refusal ends the program with its own error.
    const looked = new Promise<void>((resolve) =>
      pulumi.output(name).apply((image) => refuseLabImage(this.endpoint, image).then(resolve)),
    );
    return pulumi.all([image.imageId, looked]).apply(([id]) => id);
  }

  /** The image's name, after a requested pull. */
  #pulled(service: string, name: pulumi.Input<string>, asked: string): pulumi.Output<string> {
    if (pulumi.runtime.isDryRun()) return pulumi.output(name);
    const { platform, registry } = this.#options;
    return pulumi
      .all([name, registry && pulumi.output(registry), this.recorded((own) => own)])
      .apply(async ([image, login, own]) => {
        if (isToPull(own, service, image, asked)) await pull(this.endpoint, image, { platform, login });
        return image;
      });
  }

  /** @param kind `overlay` reaches all nodes of a swarm */
  network(kind: "backend" | "frontend" | "overlay", internal: boolean): docker.Network {
    const subnet = this.#options.subnets?.[kind === "overlay" ? "frontend" : kind];
    const network = new docker.Network(
      kind,
      {
        name: this.#name(kind),
        internal,
        ...(kind === "overlay" && { driver: kind }),
        labels: this.#labels,
        // Without it, Docker sets a gateway, and every later `up` would replace the network.
        ...(subnet && { ipamConfigs: [{ subnet, gateway: gatewayOf(subnet) }] }),
      },
      { parent: this.#parent, provider: this.#provider, deleteBeforeReplace: true },
    );
    this.#used.push(network);
    return network;
  }

  /** A volume has no mark and keeps its first prefix. A change would replace it and delete the data. */
  volume(name: string, suffix: string, options?: pulumi.CustomResourceOptions): docker.Volume {
    const volume = new docker.Volume(
      name,
      {
        name: this.#name(suffix, this.#volumePrefix),
        labels: [{ label: stackLabel, value: this.#volumePrefix }],
      },
      { parent: this.#parent, provider: this.#provider, ...options },
    );
    this.#used.push(volume);
    return volume;
  }

  /** Context of the containers. Call it after all images, networks and volumes are declared. */
  containers(
    versions: Omit<DataVersionsArgs, "known">,
    facts: Omit<DataFacts, "docker" | "authentik"> & { readonly authentik: pulumi.Input<string> },
  ): StackContext {
    const { data } = versions;
    const mustExist = facts.postgresImage !== undefined && !facts.bootstraps && typeof data === "string";
    this.#needed = mustExist ? data : undefined;
    const leftovers = new Leftovers(
      "leftovers",
      { docker: this.endpoint, mark: this.#mark, ...(this.#options.swarm && { inSwarm: true }) },
      // Pulumi deletes this after the containers, and before the objects that an unrecorded container may use.
      { parent: this.#parent, dependsOn: this.#used },
    );
    // This check runs after the pull: versions without an image have not touched the data.
    const known = pulumi
      .all([this.recorded((own) => own), facts.authentik])
      .apply(([own, authentik]) => knownOfData(own, { ...facts, authentik, docker: this.endpoint }));
    const dataVersions = new DataVersions(
      "data-versions",
      { ...versions, known },
      { parent: this.#parent, dependsOn: this.#used },
    );
    return {
      parent: this.#parent,
      provider: this.#provider,
      before: [leftovers, dataVersions],
      labels: this.#labels,
      name: (suffix) => this.#name(suffix),
    };
  }

  /** Reads this host's resources from the stack's state. A program can have several Docker hosts. */
  recorded<T>(look: (own: Recorded[]) => T): pulumi.Output<pulumi.Unwrap<T>> {
    // A promise, because with an output of the parent each child would wait for all children, including itself.
    const urn = new Promise<string>((resolve) => this.#parent.urn.apply(resolve));
    return pulumi.output(
      Promise.all([this.#recorded, urn]).then(([recorded, urn]) => look(childrenOf(recorded, urn))),
    );
  }

  /** What the services of a swarm need in addition. */
  get inSwarm() {
    const { platform, pullImages, registry } = this.#options;
    const recorded = <T>(look: (own: Recorded[]) => T) => this.recorded(look);
    const { endpoint } = this;
    return { endpoint, prefix: this.#prefix, mark: this.#mark, platform, pullImages, registry, recorded };
  }

  /** The endpoint of the Docker Engine. */
  get endpoint(): DockerEndpoint {
    const { host, context, certPath, sshOptions } = this.#options;
    return { host, context, certPath, sshOptions };
  }

  get #labels() {
    return [
      { label: stackLabel, value: this.#prefix },
      { label: markLabel, value: this.#mark },
    ];
  }

  /** A name becomes available after leftovers of an interrupted run with this name are deleted. */
  #name(suffix: pulumi.Input<string>, prefix: pulumi.Input<string> = this.#prefix): pulumi.Output<string> {
    const name = pulumi.all([prefix, suffix]).apply(([prefix, suffix]) => `${prefix}-${suffix}`);
    this.#names.push(name);
    return pulumi.all([name, this.#cleared]).apply(([name]) => name);
  }
}

/**
 * The Docker host in the form that the Pulumi provider accepts.
 * @throws RunError if the address is invalid, or the context does not exist
 */
export function dockerHostOf(endpoint: DockerEndpoint): string {
  try {
    wayToDocker(endpoint);
    return dockerAddress(endpoint).host;
  } catch (error) {
    throw error instanceof UserError ? new RunError(error.message) : error;
  }
}

/** Docker Hub needs both names: the second for images without a registry in their name. */
function namesOf(registry: string): string[] {
  return registry === "docker.io" ? [registry, "registry-1.docker.io"] : [registry];
}
