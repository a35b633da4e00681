import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { labPaths, projectRoot } from "../../cli/paths";
import { capture, passThrough } from "../../cli/system/process";
import type { SetupContext } from "../setup/context";
import { pulumiCommand, type Toolchain, toolchainEnvironment } from "../toolchain/toolchain";
import { type LabPlace, placeOfLab } from "./place";
import { type LabValues, refreshStackConfig } from "./stack-config";
import { removeStaleLocks } from "./stale-locks";

const labStack = "dev";

/** Prefix of the Docker object names, unless the place has another one. */
export const usualPrefix = `proxmox-authentik-sso-${labStack}`;

const shortCommandLimitMs = 60_000;

/** Commands that read the stack's config. The others have no option for it. */
const commandsWithConfig = ["config", "destroy", "import", "preview", "refresh", "up", "update", "watch"];

/** Runs Pulumi on the lab's stack with its state, passphrase, config file and Docker engine. */
export class LabPulumi {
  private readonly command: string;
  readonly environment: NodeJS.ProcessEnv;

  constructor(context: SetupContext) {
    const toolchain = requireToolchain(context);
    this.command = pulumiCommand(toolchain);
    this.environment = labEnvironment(toolchain, context.docker?.host);
  }

  capture(args: string[], input?: string, timeoutMs = shortCommandLimitMs): Promise<string> {
    return capture(this.command, withConfigFile(args), {
      ...this.where(),
      input,
      timeoutMs,
    });
  }

  async passThrough(args: string[]): Promise<number> {
    for (const pid of await removeStaleLocks(labPaths.stateBackend)) {
      console.error(`A lock of process ${pid}, which is gone, was in the way: it was removed.`);
    }
    return await passThrough(this.command, withConfigFile(args), this.where());
  }

  /** Creates the local state backend and the stack, and updates the copy of the config. */
  async prepareStack(): Promise<void> {
    await mkdir(labPaths.stateBackend, { recursive: true });
    await refreshStackConfig(
      join(projectRoot, "Pulumi.dev.yaml"),
      labPaths.stackConfig,
      addressesAt(placeOfLab()),
    );
    const stacks = await this.capture(["stack", "ls", "--json"]);
    if (!stacks.includes(`"${labStack}"`)) await this.initStack();
  }

  /** `stack init` writes a salt into the config next to Pulumi.yaml. With a copy of Pulumi.yaml, git stays clean. */
  private async initStack(): Promise<void> {
    const copy = join(labPaths.stateBackend, "init");
    await mkdir(copy, { recursive: true });
    await copyFile(join(projectRoot, "Pulumi.yaml"), join(copy, "Pulumi.yaml"));
    await this.capture(["stack", "init", labStack, "--cwd", copy]);
  }

  private where() {
    return { cwd: projectRoot, env: this.environment };
  }
}

function addressesAt({ authentikHttp, authentikHttps, proxmox, prefix }: LabPlace): LabValues {
  return {
    authentikUrl: `https://localhost:${authentikHttps}`,
    httpPort: authentikHttp,
    httpsPort: authentikHttps,
    proxmoxAddresses: [`https://localhost:${proxmox}`],
    ...(prefix !== undefined && { prefix }),
  };
}

export function hasLab(): boolean {
  return existsSync(labPaths.stackConfig);
}

/** Whether `pulumi up` ran before. What uses the lab's ports then belongs to the lab. */
export function hasBeenUp(): boolean {
  return existsSync(join(labPaths.stateBackend, ".pulumi", "history"));
}

function requireToolchain(context: SetupContext): Toolchain {
  if (!context.toolchain) throw new Error("The Pulumi CLI's step has to come before Pulumi is used.");
  return context.toolchain;
}

function withConfigFile(args: string[]): string[] {
  const [command, ...rest] = args;
  if (command === undefined || !commandsWithConfig.includes(command)) return args;
  return [command, "--config-file", labPaths.stackConfig, ...rest];
}

function labEnvironment(toolchain: Toolchain, dockerHost: string | undefined): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    ...toolchainEnvironment(toolchain),
    PULUMI_STACK: labStack,
    // Without metadata files, the state is written in one step, which is safe if the CLI is killed.
    PULUMI_BACKEND_URL: `file://${labPaths.stateBackend}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE_FILE: labPaths.passphrase,
  };
  // It would take precedence over the lab's passphrase file.
  delete environment.PULUMI_CONFIG_PASSPHRASE;
  if (dockerHost) environment.DOCKER_HOST = dockerHost;
  return environment;
}
