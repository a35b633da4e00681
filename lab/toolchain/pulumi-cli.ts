import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/version";
import { cacheDir, isInstalled, packageRoot } from "../../cli/paths";
import { capture } from "../../cli/system/process";
import { sizeOf } from "../setup/size-of";
import { watched } from "../setup/watched";
import { writeDynamicProviderLauncher } from "./dynamic-provider";
import { executableSuffix, goBuild } from "./go-build";
import { ensureLanguageHost } from "./language-host";
import { tryDownload } from "./refused";
import { builtPulumiVersion, isSupportedPulumi } from "./versions";

const idleMs = 2 * 60_000;

export interface PulumiCli {
  /** Directory of the CLI and its Node.js language host. */
  binDir: string;
  origin: string;
}

const officialRoot = join(cacheDir, `pulumi-official-${sdkVersion}`);
const officialBin = join(officialRoot, "bin");
const officialCli: PulumiCli = { binDir: officialBin, origin: `v${sdkVersion}, official` };
const builtBin = join(cacheDir, `pulumi-built-${builtPulumiVersion}`, "bin");

export const officialDownload = `Pulumi CLI ${sdkVersion}`;

/** Whether a CLI exists, so nothing must be installed. */
export async function hasPulumi(): Promise<boolean> {
  return isCliIn(officialBin) || isCliIn(builtBin) || (await onPath()) !== undefined;
}

function isCliIn(binDir: string): boolean {
  return existsSync(join(binDir, `pulumi${executableSuffix}`));
}

type Say = (text: string) => void;

/** Finds the CLI on the PATH, downloads it, or builds it from Go modules. Uses the first that works. */
export async function findOrMakePulumi(say: Say): Promise<PulumiCli> {
  return (await onPath()) ?? (await official(say)) ?? (await built(say));
}

async function onPath(): Promise<PulumiCli | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const cli = join(folder, `pulumi${executableSuffix}`);
    const languageHost = join(folder, `pulumi-language-nodejs${executableSuffix}`);
    if (!existsSync(cli) || !existsSync(languageHost)) continue;
    const printed = await capture(cli, ["version"], { timeoutMs: 20_000, env: quietEnvironment() });
    if (isSupportedPulumi(printed)) return { binDir: folder, origin: `${printed.trim()} on the PATH` };
  }
  return undefined;
}

async function official(say: Say): Promise<PulumiCli | undefined> {
  if (isCliIn(officialBin)) return officialCli;
  const installed = await tryDownload(officialDownload, say, () => downloadTo(officialRoot));
  return installed ? officialCli : undefined;
}

/** In a separate process, so that a hanging download can be stopped. */
const downloader = `
const { PulumiCommand } = require("@pulumi/pulumi/automation");
const { SemVer } = require("semver");
const [version, root] = process.argv.slice(1);
PulumiCommand.install({ version: new SemVer(version), root }).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});`;

/** The script is silent during the download. The temporary directory shows its progress. */
async function downloadTo(root: string): Promise<void> {
  const temporary = await mkdtemp(join(tmpdir(), "pulumi-cli-"));
  try {
    await watched(process.execPath, ["-e", downloader, sdkVersion, root], {
      cwd: packageRoot,
      env: { ...process.env, TMPDIR: temporary },
      idleMs,
      progress: async () => (await sizeOf(temporary)) + (await sizeOf(root)),
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function built(say: Say): Promise<PulumiCli> {
  if (isInstalled) {
    throw new Error(
      "There is no Pulumi CLI on the PATH, and it could not be downloaded. Install 3.200 or newer: https://www.pulumi.com/docs/install/",
    );
  }
  const binDir = builtBin;
  const cli = join(binDir, `pulumi${executableSuffix}`);
  if (!existsSync(cli)) {
    say(`building Pulumi ${builtPulumiVersion} from Go modules (about 5 minutes the first time)`);
    const version = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${builtPulumiVersion}`;
    await goBuild(
      { module: "pulumi", package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", ldflags: `-X ${version}` },
      cli,
      say,
    );
  }
  await ensureLanguageHost(binDir, say);
  await writeDynamicProviderLauncher(binDir);
  return { binDir, origin: `v${builtPulumiVersion}, built from Go modules` };
}

function quietEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
}
