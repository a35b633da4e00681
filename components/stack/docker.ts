import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { DataVersions, type DataVersionsArgs } from "../../providers/docker/dataVersions";
import type { DockerEndpoint } from "../../providers/docker/endpoint";
import { Leftovers } from "../../providers/docker/leftovers";
import { markLabel, stackLabel } from "../../providers/docker/objects";
import { gatewayOf } from "../model/subnets";
import { clearTheWay } from "./clearTheWay";
import type { DockerOptions } from "./dockerOptions";
import { dockerProvider } from "./dockerProvider";
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
import { orRefusal } from "./refusal";
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
  readonly #names: Promise<string>[] = [];
  readonly #volumePrefix: pulumi.Output<string>;
  readonly #cleared: pulumi.Output<unknown>;
  /** The resources in the stack's state. */
  readonly #recorded: Promise<Recorded[]>;
  /** Those of this host: a program can have several. */
  readonly own: pulumi.Output<Recorded[]>;
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
    this.#provider = dockerProvider(options, parent);
    this.#recorded = recordedResources();
    // With an output of the parent, each child would wait for all children, including itself.
    this.own = pulumi.output(
      Promise.all([this.#recorded, settled(parent.urn)]).then(([recorded, urn]) => childrenOf(recorded, urn)),
    );
    this.#volumePrefix = this.own.apply((own) => volumePrefixIn(own, prefix));
    this.#cleared = pulumi.runtime.isDryRun()
      ? pulumi.output(undefined)
      : pulumi
          .all([mark, this.#volumePrefix])
          .apply(([mark, volumePrefix]) => orRefusal(this.#clear(mark, volumePrefix)));
  }

  async #clear(mark: string, volumePrefix: string): Promise<void> {
    const names = await Promise.all(this.#names);
    const recorded = await this.#recorded;
    const inSwarm = this.#options.swarm !== undefined;
    const needed = this.#needed;
    await clearTheWay(this.endpoint, {
      names: new Set(names),
      volumePrefix,
      mark,
      recordedIds: new Set(idsIn(recorded)),
      needed: needed === undefined ? undefined : { volume: `${volumePrefix}-${needed}`, why: cannotBegin },
      inSwarm,
      formerServices: inSwarm ? [] : idsIn(servicesIn(recorded)),
    });
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
    // A preview knows the name, but not the id of an image that is to be pulled.
    const looked = settled(pulumi.output(name)).then((name) => refuseLabImage(this.endpoint, name));
    return pulumi.all([image.imageId, looked]).apply(([id]) => id);
  }

  /** The image's name, after a requested pull. */
  #pulled(service: string, name: pulumi.Input<string>, asked: string): pulumi.Output<string> {
    if (pulumi.runtime.isDryRun()) return pulumi.output(name);
    const { platform, registry } = this.#options;
    return pulumi
      .all([name, registry && pulumi.output(registry), this.own])
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
      .all([this.own, facts.authentik])
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

  /** What the services of a swarm need in addition. */
  get inSwarm() {
    const { platform, pullImages, registry } = this.#options;
    const { endpoint, own } = this;
    return { endpoint, prefix: this.#prefix, mark: this.#mark, platform, pullImages, registry, own };
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
    this.#names.push(settled(name));
    return pulumi.all([name, this.#cleared]).apply(([name]) => name);
  }
}

/** The value of an output without its dependencies. */
function settled(output: pulumi.Output<string>): Promise<string> {
  return new Promise((resolve) => output.apply(resolve));
}
