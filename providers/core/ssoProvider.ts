import * as pulumi from "@pulumi/pulumi";
import { credentialNamespace } from "./credentials";
import { withoutStacks } from "./positions";

/**
 * Runs this package's resources in a process of their own. Without it they run in that of Pulumi's default provider,
 * which keeps a copy of the whole stack config, encrypted, in the state. Pass it to components as
 * `providers: [provider]`, and to single resources and `existingAuthentik` as `provider`.
 *
 * @example
 * const provider = new SsoProvider();
 * new ProxmoxAuthentikSso("sso", args, { providers: [provider] });
 */
export class SsoProvider extends pulumi.ProviderResource {
  /** @param name of the resource in the state; the default is that of every version of this package */
  constructor(name = "resources", options?: pulumi.ResourceOptions) {
    const writeStacks = withoutStacks();
    try {
      super(credentialNamespace, name, {}, options);
    } finally {
      writeStacks();
    }
  }
}

/** @deprecated The former name of `SsoProvider`, which says whose provider it is: Pulumi has a `ResourceProvider` too. */
export class ResourceProvider extends SsoProvider {}
