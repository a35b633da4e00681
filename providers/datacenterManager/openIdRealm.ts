import type * as pulumi from "@pulumi/pulumi";
import { openIdRealmOf, realmInputs } from "../accessControl/openIdRealm";
import { DefinedResource } from "../core/resource";
import type { OpenIdRealmArgs } from "./args/openIdRealm";
import { datacenterManager } from "./product";

const inputs = realmInputs;

export const openIdRealmDefinition = openIdRealmOf(datacenterManager);

export type { OpenIdRealmArgs };

/** An OpenID Connect realm of Proxmox Datacenter Manager (`/config/access/openid`). It has no groups claim. */
export class OpenIdRealm extends DefinedResource<typeof inputs, OpenIdRealmArgs> {
  declare readonly realm: pulumi.Output<string>;
  declare readonly issuerUrl: pulumi.Output<string>;
  declare readonly clientId: pulumi.Output<string>;
  declare readonly usernameClaim: pulumi.Output<string>;

  constructor(name: string, args: OpenIdRealmArgs, options?: pulumi.CustomResourceOptions) {
    super(openIdRealmDefinition, [], name, args, options);
  }
}
