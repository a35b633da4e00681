import * as pulumi from "@pulumi/pulumi";
import { isAnotherCa, nodeTrustCommands } from "../providers/pki/trust";
import type { ProxmoxAuthentikSso } from "./proxmoxAuthentikSso";
import { recordedAs, recordedResources } from "./stack/recorded";

/**
 * The next steps of a new user, shown after a successful proof of login. Another wording would be a change in the next
 * preview of every stack.
 */
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

/** Commands that make the nodes trust this CA, and the CA of the last `up` if it differs. */
export function trustCommandsFor(caCertificate: string): pulumi.Output<string> {
  return pulumi.output(recordedResources()).apply((recorded) => {
    const stack = `${pulumi.getProject()}-${pulumi.getStack()}`;
    const before = recordedAs(recorded, "pulumi:pulumi:Stack", stack)?.caCertificate;
    return nodeTrustCommands(caCertificate, isAnotherCa(before, caCertificate) ? before : undefined);
  });
}
