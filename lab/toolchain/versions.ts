import { gte, valid } from "semver";

/** Must be the version of the package @pulumi/docker. */
export const dockerPluginVersion = "5.2.0";

/** The newest CLI whose Go modules are available everywhere. See go/pulumi/go.mod. */
export const builtPulumiVersion = "3.259.0";

/** The newest language host in a public Go module. See go/pulumi-language-nodejs/go.mod. */
export const builtLanguageHostVersion = "3.65.0";

export const lowestPulumi = "3.200.0";

/** Whether the lab supports this CLI (at most a year old). `pulumi version` prints `v3.259.0`. */
export function isSupportedPulumi(printedVersion: string): boolean {
  const version = valid(printedVersion.trim());
  return version !== null && gte(version, lowestPulumi);
}
