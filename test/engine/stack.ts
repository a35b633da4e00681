import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../cli/paths";
import { configKey } from "../../config/schema";
import { findOrMakePulumi } from "../../lab/toolchain/pulumi-cli";
import { pulumiCommand, pulumiHome, toolchainEnvironment } from "../../lab/toolchain/toolchain";
import { RunningPulumi } from "./processes";

/** Stack config by key. `proxmoxAddresses[0]` is an item of a list. */
export interface ConfigValues {
  plain: Record<string, string>;
  secret: Record<string, string>;
}

/** A resource in the state. */
export interface StateResource {
  urn: string;
  type: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

const usualLimitMs = 180_000;
const unattended = ["--non-interactive", "--color", "never"];

/** The real Pulumi CLI with a separate stack, whose state, config and passphrase are in a temporary directory. */
export class Stack {
  private constructor(
    private name: string,
    private readonly command: string,
    readonly environment: NodeJS.ProcessEnv,
    readonly folder: string,
    public project: string,
    private readonly limitMs: number,
  ) {}

  /** @param name stacks with different names can use one Docker at the same time */
  static async create(
    values: ConfigValues,
    project = projectRoot,
    limitMs = usualLimitMs,
    name = "engine",
  ): Promise<Stack> {
    const { binDir } = await findOrMakePulumi(() => {});
    const toolchain = { binDir, pulumiHome };
    const folder = await mkdtemp(join(tmpdir(), "engine-"));
    await mkdir(join(folder, "state"));
    const environment = {
      ...toolchainEnvironment(toolchain),
      // As in docs/your-servers.md.
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}?metadata=skip`,
      PULUMI_STACK: name,
      PULUMI_CONFIG_PASSPHRASE: "engine",
      PULUMI_CONFIG_PASSPHRASE_FILE: "",
    };
    const stack = new Stack(name, pulumiCommand(toolchain), environment, folder, project, limitMs);
    await stack.init();
    await stack.configure(values);
    return stack;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async configure({ plain = {}, secret = {} }: Partial<ConfigValues>): Promise<void> {
    const pairs = [
      ...Object.entries(plain).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]),
      ...Object.entries(secret).flatMap(([key, value]) => ["--secret", `${configKey(key)}=${value}`]),
    ];
    await this.succeed(["config", "set-all", "--path", ...this.configFile(), ...pairs]);
  }

  async unset(key: string): Promise<void> {
    await this.succeed(["config", "rm", "--path", key, ...this.configFile()]);
  }

  up(...options: string[]): Promise<string> {
    return this.succeed(this.operation("up", options));
  }

  /** Runs an `up` that must fail. Returns its output. */
  failingUp(...options: string[]): Promise<string> {
    return this.fail(this.operation("up", options));
  }

  /** Runs an action, and calls `kill` when the condition is true. */
  async killedWhen(
    verb: "up" | "destroy",
    condition: () => boolean | Promise<boolean>,
    kill: (run: RunningPulumi) => void,
  ): Promise<void> {
    const child = this.start(verb);
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const deadline = Date.now() + this.limitMs;
    while (!(await condition())) {
      assert.equal(child.exitCode, null, "the run ended before the condition held");
      assert.ok(Date.now() < deadline, "the condition did not hold in time");
      await sleep(20);
    }
    kill(new RunningPulumi(child.pid ?? 0));
    await ended;
  }

  /** Releases the lock of a killed run. */
  async cancel(): Promise<void> {
    await this.succeed(["cancel", "--yes"]);
  }

  refresh(...options: string[]): Promise<string> {
    return this.succeed(this.operation("refresh", options));
  }

  failingRefresh(...options: string[]): Promise<string> {
    return this.fail(this.operation("refresh", options));
  }

  destroy(...options: string[]): Promise<string> {
    return this.succeed(this.operation("destroy", options));
  }

  failingDestroy(...options: string[]): Promise<string> {
    return this.fail(this.operation("destroy", options));
  }

  preview(environment: NodeJS.ProcessEnv = {}, ...options: string[]): Promise<string> {
    return this.succeed(["preview", ...this.configFile(), ...options], environment);
  }

  failingPreview(environment: NodeJS.ProcessEnv = {}): Promise<string> {
    return this.fail(["preview", ...this.configFile()], environment);
  }

  /** The state as text. Secrets are encrypted unless requested. */
  export(...options: string[]): Promise<string> {
    return this.succeed(["stack", "export", ...options]);
  }

  async resources(): Promise<StateResource[]> {
    const { deployment } = JSON.parse(await this.export());
    return deployment.resources ?? [];
  }

  /** Renames the stack and its config file. */
  async rename(name: string): Promise<void> {
    const [before] = this.configFile().slice(-1);
    await this.succeed(["stack", "rename", name, "--cwd", this.folder]);
    this.name = name;
    this.environment.PULUMI_STACK = name;
    const [after] = this.configFile().slice(-1);
    // The CLI also renames a config file next to Pulumi.yaml.
    if (before && after) await rename(before, after).catch(() => stat(after));
  }

  /** Runs the CLI for a command of this package. */
  capture(args: string[], input?: string): Promise<string> {
    const file = ["config", "preview", "refresh", "up"].includes(args[0] ?? "") ? this.configFile() : [];
    return this.succeed([...args, ...file], {}, input);
  }

  /** Removes an object and its dependents from the state, as if the run had ended before it saved them. */
  async forget(type: string): Promise<void> {
    const resource = (await this.resources()).find((candidate) => candidate.type.endsWith(`/${type}`));
    assert.ok(resource, `the state has no ${type}`);
    await this.succeed(["state", "delete", resource.urn, "--target-dependents", "--yes"]);
  }

  /** Starts a run that the test kills. */
  start(verb: "up" | "destroy"): ChildProcess {
    const args = [...this.operation(verb, []), ...unattended];
    return spawn(this.command, args, {
      cwd: this.project,
      env: this.environment,
      detached: true,
      stdio: "ignore",
    });
  }

  /** Runs `up` or `destroy`, which may fail. */
  attempt(verb: "up" | "destroy", ...options: string[]): Promise<{ code: number; output: string }> {
    return this.run(this.operation(verb, options));
  }

  private operation(verb: string, options: string[]): string[] {
    return [verb, "--yes", "--skip-preview", ...this.configFile(), ...options];
  }

  private configFile(): string[] {
    return ["--config-file", join(this.folder, `Pulumi.${this.name}.yaml`)];
  }

  /** `stack init` writes next to Pulumi.yaml. With a copy, the project's directory stays unchanged. */
  private async init(): Promise<void> {
    await copyFile(join(this.project, "Pulumi.yaml"), join(this.folder, "Pulumi.yaml"));
    await this.succeed(["stack", "init", this.name, "--cwd", this.folder]);
  }

  private async succeed(args: string[], environment?: NodeJS.ProcessEnv, input?: string): Promise<string> {
    const { code, output, stdout } = await this.run(args, environment, input);
    assert.equal(code, 0, `pulumi ${args[0]}:\n${output}`);
    return stdout;
  }

  private async fail(args: string[], environment?: NodeJS.ProcessEnv): Promise<string> {
    const { code, output } = await this.run(args, environment);
    assert.notEqual(code, 0, `pulumi ${args[0]} was to fail:\n${output}`);
    return output;
  }

  private run(args: string[], environment: NodeJS.ProcessEnv = {}, input = "") {
    return new Promise<{ code: number; output: string; stdout: string }>((resolve) => {
      const options = {
        cwd: this.project,
        env: { ...this.environment, ...environment },
        timeout: this.limitMs,
        maxBuffer: 64 << 20,
      };
      const child = execFile(this.command, [...args, ...unattended], options, (error, stdout, stderr) => {
        const code = error ? (child.exitCode ?? 1) : 0;
        const timedOut = error?.killed ? `no end within ${this.limitMs / 1000} s\n` : "";
        resolve({ code, stdout, output: `${timedOut}${stdout}${stderr}` });
      });
      child.stdin?.end(input);
    });
  }
}
