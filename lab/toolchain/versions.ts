import { gte, valid } from "semver";

/** The Docker plugin must be the version of the @pulumi/docker package. */
export const dockerPluginVersion = "5.2.0";

/** The newest CLI whose Go modules can be had everywhere; see go/pulumi/go.mod. */
export const builtPulumiVersion = "3.259.0";

/** The newest language host that is part of a public Go module; see go/pulumi-language-nodejs/go.mod. */
export const builtLanguageHostVersion = "3.65.0";

export const lowestPulumi = "3.200.0";

/** `pulumi version` prints `v3.259.0`; the lab needs a CLI of the last year. */
export function isSupportedPulumi(printedVersion: string): boolean {
  const version = valid(printedVersion.trim());
  return version !== null && gte(version, lowestPulumi);
}
