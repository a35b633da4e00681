import { RunError } from "@pulumi/pulumi/errors";
import { authentikVersions } from "../providers/authentik/versions";
import { lackingOptions } from "../providers/core/versions";
import { proxmoxVersions } from "../providers/proxmox/versions";
import type { ProxmoxAuthentikSsoArgs } from "./ssoArgs";
import { authentikVersionIn } from "./versions";

type Options = Pick<ProxmoxAuthentikSsoArgs, "application" | "provider" | "realm">;

interface Versions {
  readonly authentik?: string | undefined;
  readonly proxmox?: string | undefined;
}

/** Refuses, at preview, options that the servers' versions do not have, as far as the configuration tells these. */
export function refuseWhatVersionsLack(options: Options, versions: Versions): void {
  const lacking = whatVersionsLack(options, versions);
  if (lacking.length === 0) return;
  throw new RunError(
    `The servers' versions do not have all options:\n${lacking.map((reason) => `- ${reason}`).join("\n")}\nRemove them or upgrade.`,
  );
}

/** The options that servers of these versions do not have, each in a sentence. */
export function whatVersionsLack(
  { application = {}, provider = {}, realm = {} }: Options,
  versions: Versions,
): string[] {
  const authentik = authentikVersionIn(versions.authentik ?? "") ?? "";
  return [
    ...lackingOptions("authentik", authentik, authentikVersions.oauth2Provider, provider),
    ...lackingOptions("authentik", authentik, authentikVersions.application, application),
    ...lackingOptions("Proxmox VE", versions.proxmox ?? "", proxmoxVersions.openIdRealm, realm),
  ];
}
