import * as pulumi from "@pulumi/pulumi";
import { worryAbout } from "../providers/authentik/releases";

/** Whether a version or an image's tag names its patch. One that does not floats, and only the server tells what it is. */
export function isExactVersion(imageOrVersion: string): boolean {
  return /(?:^|:)\d{4}\.\d{1,2}\.\d+/.test(imageOrVersion);
}

/** Says what is to know of a release, if anything. */
export async function warnOfRelease(version: string, resource?: pulumi.Resource): Promise<void> {
  const worry = worryAbout(version);
  if (worry) await pulumi.log.warn(`${worry.found} ${worry.advice}`, resource);
}
