// A program of its own, so that a hanging download can be ended: `official-cli.ts <version> <root>`.
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";

const [version, root] = process.argv.slice(2);
if (!version || !root) throw new Error("usage: official-cli.ts <version> <root>");

PulumiCommand.install({ version: new SemVer(version), root }).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
