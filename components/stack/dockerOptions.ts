import type * as pulumi from "@pulumi/pulumi";
import type { SwarmOptions } from "../model/swarm";

/** Where the containers run, and how the images get there. */
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
  /**
   * Run server and worker as services of a Docker Swarm, whose manager is `host`. Requires `externalDatabase` and
   * `redis: false`.
   * @default one Docker host
   */
  swarm?: SwarmOptions | undefined;
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
