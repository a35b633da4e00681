import * as pulumi from "@pulumi/pulumi";

/** What a new user does with the stack, once it is proved. */
export function nextSteps(addresses: readonly string[], realm: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.interpolate`Open ${addresses[0]}, choose the realm "${realm} (single sign-on)" and log in. New users may do nothing yet: grant them roles under Datacenter > Permissions.`;
}
