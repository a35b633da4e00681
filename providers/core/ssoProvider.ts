import * as pulumi from "@pulumi/pulumi";
import { credentialNamespace } from "./credentials";
import { withoutStacks } from "./positions";

/**
 * Runs this package's resources in a separate process. Without it, they run in Pulumi's default provider, whose state
 * contains an encrypted copy of the whole stack config. Pass it to components as `providers: [provider]`, and to
 * single resources and `existingAuthentik` as `provider`.
 * @example const provider = new SsoProvider(); new ProxmoxAuthentikSso("sso", args, { providers: [provider] });
 */
export class SsoProvider extends pulumi.ProviderResource {
  /** @param name of the resource in the state. The default is the same in every version of this package. */
  constructor(name = "resources", options?: pulumi.ResourceOptions) {
    const writeStacks = withoutStacks();
    try {
      super(credentialNamespace, name, {}, options);
    } finally {
      writeStacks();
    }
  }
}

/** @deprecated The former name of `SsoProvider`. Pulumi also has a `ResourceProvider`. */
export class ResourceProvider extends SsoProvider {}
