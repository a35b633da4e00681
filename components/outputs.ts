import * as pulumi from "@pulumi/pulumi";
import type { ProxmoxAuthentikSso } from "./proxmoxAuthentikSso";

/** What a new user does with the stack, once it is proved. */
export function nextSteps({
  redirectUris,
  realm,
  hasAccess,
}: Pick<ProxmoxAuthentikSso, "redirectUris" | "realm" | "hasAccess">): pulumi.Output<string> {
  const rights = hasAccess
    ? "What users may do is up to the groups of `access` that they are in."
    : "New users may do nothing yet: say by `access` which groups may do what.";
  return pulumi.interpolate`Open ${redirectUris[0]}, choose the realm "${realm} (single sign-on)" and log in. ${rights}`;
}
