import * as pulumi from "@pulumi/pulumi";
import { worryAbout } from "../providers/authentik/releases";

/**
 * Whether a version or an image's tag includes the patch number. A shorter tag moves, so only the server knows its
 * release.
 */
export function isExactVersion(imageOrVersion: string): boolean {
  return /(?:^|:)\d{4}\.\d{1,2}\.\d+/.test(imageOrVersion);
}

/** Warns about known problems of a release. */
export async function warnOfRelease(version: string, resource?: pulumi.Resource): Promise<void> {
  const worry = worryAbout(version);
  if (worry) await pulumi.log.warn(`${worry.found} ${worry.advice}`, resource);
}
