// Not the whole of @pulumi/pulumi, which takes 0.3 s to load: `startedPlugin` is to be quick.
import { ProviderResource, type ResourceOptions } from "@pulumi/pulumi/resource";
import { credentialNamespace } from "./credentials";
import { withoutStacks } from "./positions";

/**
 * Runs this package's resources in one plugin of their own. Without it Pulumi's default provider does, and
 * keeps a copy of the whole stack config, encrypted, in the state. Pass it to components as
 * `providers: [provider]`, to single resources and `existingAuthentik` as `provider`.
 */
export class ResourceProvider extends ProviderResource {
  constructor(name = "resources", options?: ResourceOptions) {
    const writeStacks = withoutStacks();
    try {
      super(credentialNamespace, name, {}, options);
    } finally {
      writeStacks();
    }
  }
}
