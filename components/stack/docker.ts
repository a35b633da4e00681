import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { labels, type StackContext } from "./service";

/** Where the containers run, and how their images get there. */
export interface DockerOptions {
  /** Docker host: `ssh://user@host`, `tcp://host:2376`, `unix:///run/user/1000/docker.sock`. @default the local one */
  host?: string;
  /** Docker context to use instead of `host`. */
  context?: string;
  /** Folder with ca.pem, cert.pem and key.pem for a `tcp://` host. */
  certPath?: string;
  /** Platform of the images, e.g. `linux/arm64`. @default the Docker host's */
  platform?: string;
  /** A registry that needs a login to pull the images. */
  registry?: { address: string; username: string; password: pulumi.Input<string> };
}

/** The one Docker host of a stack: its provider, images and networks. */
export class DockerHost {
  readonly context: StackContext;
  readonly #platform: string | undefined;

  constructor(prefix: string, parent: pulumi.Resource, options: DockerOptions) {
    const { host, context, certPath, registry } = options;
    const provider = new docker.Provider(
      "docker",
      {
        host,
        context,
        certPath,
        registryAuth: registry && [{ ...registry, password: pulumi.secret(registry.password) }],
        // The check would make every preview need the daemon.
        disableDockerDaemonCheck: true,
      },
      { parent },
    );
    this.#platform = options.platform;
    this.context = { prefix, parent, provider };
  }

  /** An image's id on the host, where it is pulled unless it is there. It stays when the stack goes. */
  image(service: string, name: string): pulumi.Output<string> {
    const { parent, provider } = this.context;
    return new docker.RemoteImage(
      `${service}-image`,
      { name, keepLocally: true, platform: this.#platform },
      { parent, provider },
    ).imageId;
  }

  network(kind: string, internal: boolean): docker.Network {
    const { prefix, parent, provider } = this.context;
    return new docker.Network(
      kind,
      { name: `${prefix}-${kind}`, internal, labels: labels(this.context) },
      { parent, provider },
    );
  }
}
