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
import { isToPull, pull } from "./pull";
import {
  cannotBegin,
  childrenOf,
  type DataFacts,
  idsIn,
  knownOfData,
  type Recorded,
  recordedResources,
  volumePrefixIn,
} from "./recorded";
import type { StackContext } from "./service";
import { refuseStandIn } from "./standIns";

/** Where the containers run, and how their images get there. */
export interface DockerOptions {
  /**
   * Docker host: `ssh://user@host`, `tcp://host:2376`, `unix:///run/user/1000/docker.sock`. The path of an `ssh://`
   * address is the socket on that host, if it is not the default. @default the local one
   */
  host?: string;
  /** Docker context to use instead of `host`, with its certificates. */
  context?: string;
  /** Folder with ca.pem, cert.pem and key.pem for a `tcp://` host. */
  certPath?: string;
  /** Further arguments of the ssh command for an `ssh://` host, e.g. `["-i", "/etc/deploy/id_ed25519"]`. */
  sshOptions?: string[];
  /**
   * Subnets of the two networks, each with its length, e.g. `10.210.0.0/24`. A change creates networks and containers
   * again.
   * @default Docker chooses
   */
  subnets?: {
    /** For the network of server and worker, which reaches the outside. */
    frontend?: string | undefined;
    /** For the network of the database. */
    backend?: string | undefined;
  };
  /** Platform of the images, e.g. `linux/arm64`. @default the Docker host's */
  platform?: string;
  /**
   * A date or another text. When it changes, the next `up` pulls the images again that have no digest, for example to
   * get a rebuilt `postgres:16-alpine`. Otherwise an image is pulled only if the Docker host does not have it.
   */
  pullImages?: string;
  /** A registry that needs a login to pull the images. */
  registry?: {
    /** Host name, e.g. `registry.example.com`. */
    address: string;
    /** User name for it. */
    username: string;
    /** Password or token for it, a secret. */
    password: pulumi.Input<string>;
  };
}

/** The one Docker host of a stack: its provider, images, networks and volumes. */
export class DockerHost {
  readonly #prefix: string;
  readonly #parent: pulumi.Resource;
  readonly #mark: pulumi.Output<string>;
  readonly #options: DockerOptions;
  readonly #refusesStandIns: boolean;
  readonly #provider: docker.Provider;
  /** Every name that was asked for; the last is by the time the mark is known. */
  readonly #names: pulumi.Output<string>[] = [];
  readonly #volumePrefix: pulumi.Output<string>;
  readonly #cleared: pulumi.Output<unknown>;
  /** What the stack's state has. */
  readonly #recorded: Promise<Recorded[]>;
  readonly #used: pulumi.Resource[] = [];
  /** The volume that must be there, by the end of its name. */
  #needed: string | undefined;

  /** @param refusesStandIns whether images that the lab made are refused */
  constructor(
    prefix: string,
    parent: pulumi.Resource,
    mark: pulumi.Output<string>,
    options: DockerOptions,
    refusesStandIns: boolean,
  ) {
    this.#prefix = prefix;
    this.#parent = parent;
    this.#mark = mark;
    this.#options = options;
    this.#refusesStandIns = refusesStandIns;
    const { registry, sshOptions } = options;
    const { host, certPath } = contextOf(this.endpoint) ?? options;
    this.#provider = new docker.Provider(
      "docker",
      {
        host,
        // Else DOCKER_CONTEXT of the environment would go before it.
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
        // The check would make every preview need the daemon.
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
            // A refusal ends the program in its own words, instead of failing each property that waits for this.
            new Promise<void>((resolve) => {
              const recordedIds = new Set(ids);
              const clear = (names: string[]) => {
                const suffix = this.#needed;
                const needed =
                  suffix === undefined
                    ? undefined
                    : { volume: `${volumePrefix}-${suffix}`, why: cannotBegin };
                const wanted = { names: new Set(names), volumePrefix, mark, recordedIds, needed };
                return clearTheWay(this.endpoint, wanted);
              };
              pulumi.all(this.#names).apply((names) => clear(names).then(resolve));
            }),
        );
  }

  /** An image's id on the host, where it is pulled unless it is there. It stays when the stack goes. */
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
    if (!this.#refusesStandIns) return image.imageId;
    // Where it is refused, the image is never there, and the refusal itself ends the program, in its own words.
    const looked = new Promise<void>((resolve) =>
      pulumi.output(name).apply((image) => refuseStandIn(this.endpoint, image).then(resolve)),
    );
    return pulumi.all([image.imageId, looked]).apply(([id]) => id);
  }

  /** The image's name, once it is pulled where that was asked for. */
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

  network(kind: "backend" | "frontend", internal: boolean): docker.Network {
    const subnet = this.#options.subnets?.[kind];
    const network = new docker.Network(
      kind,
      {
        name: this.#name(kind),
        internal,
        labels: this.#labels,
        // Unset, Docker fills the gateway in, and every later `up` would make the network again.
        ...(subnet && { ipamConfigs: [{ subnet, gateway: gatewayOf(subnet) }] }),
      },
      { parent: this.#parent, provider: this.#provider, deleteBeforeReplace: true },
    );
    this.#used.push(network);
    return network;
  }

  /** It has no mark, and keeps the prefix that it was made with: a change would replace it, with all data in it. */
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

  /** For the containers, once all images, networks and volumes are declared. */
  containers(
    versions: Omit<DataVersionsArgs, "known">,
    facts: Omit<DataFacts, "docker" | "authentik"> & { readonly authentik: pulumi.Input<string> },
  ): StackContext {
    const { data } = versions;
    const mustExist = facts.postgresImage !== undefined && !facts.bootstraps && typeof data === "string";
    this.#needed = mustExist ? data : undefined;
    const leftovers = new Leftovers(
      "leftovers",
      { docker: this.endpoint, mark: this.#mark },
      // So that it is deleted after the containers, and before what an unrecorded one may use.
      { parent: this.#parent, dependsOn: this.#used },
    );
    // After the images: versions that could not even be pulled have not touched the data.
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

  /** What the stack's state tells of the children of this parent: a program may have several Docker hosts. */
  recorded<T>(look: (own: Recorded[]) => T): pulumi.Output<pulumi.Unwrap<T>> {
    // By a promise: an output of the parent would make each child wait for all children, itself too.
    const urn = new Promise<string>((resolve) => this.#parent.urn.apply(resolve));
    return pulumi.output(
      Promise.all([this.#recorded, urn]).then(([recorded, urn]) => look(childrenOf(recorded, urn))),
    );
  }

  /** How the engine is reached. */
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

  /** Docker knows its objects by name: it is used only once nothing of an interrupted run bears it. */
  #name(suffix: string, prefix: pulumi.Input<string> = this.#prefix): pulumi.Output<string> {
    const name = pulumi.output(prefix).apply((prefix) => `${prefix}-${suffix}`);
    this.#names.push(name);
    return pulumi.all([name, this.#cleared]).apply(([name]) => name);
  }
}

/**
 * Where the Docker host is, as its Pulumi provider takes it.
 *
 * @throws RunError where that is no address, or a context is not there.
 */
export function dockerHostOf(endpoint: DockerEndpoint): string {
  try {
    wayToDocker(endpoint);
    return dockerAddress(endpoint).host;
  } catch (error) {
    throw error instanceof UserError ? new RunError(error.message) : error;
  }
}

/** An image without a registry in its name is asked for under the second name of Docker Hub, others under the first. */
function namesOf(registry: string): string[] {
  return registry === "docker.io" ? [registry, "registry-1.docker.io"] : [registry];
}
