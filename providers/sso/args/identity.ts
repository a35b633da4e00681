// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "../../authentik/args/connection";
import type { ProxmoxConnectionArgs } from "../../proxmox/args/connection";

/**
 * Arguments of `SharedValues`. The random values that both servers get. They are in the state before the
 * first write to a server. After an interrupted run, they prove that an object belongs to the stack.
 */
export interface SharedValuesArgs {
  /**
   * A client ID to use instead of a random one. Error: *may have only letters, digits, `.`, `_`, `*` and `-`:
   * Proxmox encodes all others, authentik does not decode them, and every login fails*.
   * Text, at most 255 characters.
   */
  givenClientId?: pulumi.Input<string | undefined>;

  /**
   * A client secret to use instead of a random one. Error: *may have only letters, digits, `.`, `_`, `*` and
   * `-`: Proxmox encodes all others, authentik does not decode them, and every login fails*.
   * Text, at most 255 characters; secret.
   */
  givenClientSecret?: pulumi.Input<string | undefined>;

  /**
   * Random text that stays the same if the resource gets another name. The values that prove ownership derive
   * from it, and a renamed resource recognizes its objects. Without it, these values are random.
   */
  seed?: pulumi.Input<string | undefined>;

  /**
   * Size of the RSA key of a certificate that follows. The key is generated before authentik is asked for
   * anything.
   * Whole number, 2048 to 4096.
   */
  keySize?: pulumi.Input<number | undefined>;

  /**
   * The servers with the objects that have these values. A destroy looks there for objects of an interrupted
   * run, and names them.
   */
  usedOn?: pulumi.Input<{
    /** authentik. Omit it if a destroy of the stack removes authentik too. */
    authentik?: pulumi.Input<AuthentikConnectionArgs | undefined>;

    /** The Proxmox API. */
    proxmox?: pulumi.Input<ProxmoxConnectionArgs | undefined>;

    /** Slug of the application. */
    slug?: pulumi.Input<string | undefined>;

    /** Name of the signing certificate in authentik. */
    certificate?: pulumi.Input<string | undefined>;

    /** Name of the realm on Proxmox. */
    realm?: pulumi.Input<string | undefined>;
  } | undefined>;

  /** The product of the Proxmox in `usedOn`, if it is not Proxmox VE. */
  usedOnProduct?: pulumi.Input<"backup" | "datacenter-manager" | undefined>;
}
