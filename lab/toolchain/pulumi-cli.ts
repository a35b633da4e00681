import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/version";
import { cacheDir } from "../../cli/paths";
import { capture } from "../../cli/process";
import { writeDynamicProviderLauncher } from "./dynamic-provider";
import { executableSuffix, goBuild } from "./go-build";
import { ensureLanguageHost } from "./language-host";
import { tryDownload } from "./refused";
import { builtPulumiVersion, isSupportedPulumi } from "./versions";

const officialDownloadLimitMs = 5 * 60 * 1000;

export interface PulumiCli {
  /** Folder with the CLI and its Node.js language host. */
  binDir: string;
  origin: string;
}

type Say = (text: string) => void;

/** The CLI from the PATH, the official download, or a build from Go modules: the first that works. */
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
  const root = join(cacheDir, `pulumi-official-${sdkVersion}`);
  const found: PulumiCli = { binDir: join(root, "bin"), origin: `v${sdkVersion}, official` };
  if (existsSync(join(found.binDir, `pulumi${executableSuffix}`))) return found;
  const installed = await tryDownload(`Pulumi CLI ${sdkVersion}`, say, () =>
    capture(process.execPath, ["--import", "tsx", join(__dirname, "official-cli.ts"), sdkVersion, root], {
      timeoutMs: officialDownloadLimitMs,
    }),
  );
  return installed ? found : undefined;
}

async function built(say: Say): Promise<PulumiCli> {
  const binDir = join(cacheDir, `pulumi-built-${builtPulumiVersion}`, "bin");
  const cli = join(binDir, `pulumi${executableSuffix}`);
  if (!existsSync(cli)) {
    say(`building Pulumi ${builtPulumiVersion} from Go modules (about 5 minutes the first time)`);
    const version = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${builtPulumiVersion}`;
    await goBuild(
      { module: "pulumi", package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", ldflags: `-X ${version}` },
      cli,
    );
  }
  await ensureLanguageHost(binDir, say);
  await writeDynamicProviderLauncher(binDir);
  return { binDir, origin: `v${builtPulumiVersion}, built from Go modules` };
}

function quietEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
}
