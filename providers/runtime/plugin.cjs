"use strict";
// Pulumi's plugin for dynamic resources, with fewer modules to load. If anything is unexpected, Pulumi's own plugin
// starts.
const { spawn } = require("node:child_process");
const { existsSync } = require("node:fs");
const { homedir } = require("node:os");
const { delimiter, join } = require("node:path");
const { bundleOf, runBundle } = require("./bundle.cjs");
const { setOwnResources } = require("./own.cjs");
const { environmentWith } = require("./slower.cjs");
const { isInstalled, reasonOf } = require("./sources.cjs");
const { unusedPatterns, withoutUnused } = require("./unused.cjs");

const pulumiPlugin = "@pulumi/pulumi/cmd/dynamic-provider";
const entry = `exports.load = () => require("./providers/runtime/resources.ts"); require("${pulumiPlugin}");`;
/** Milliseconds until Pulumi's plugin listens. */
const untilListening = 20;

exports.start = () => {
  if (isInstalled) {
    require(pulumiPlugin);
    return;
  }
  let bundle;
  try {
    // Bundling Pulumi's SDK takes more than a second.
    bundle = bundleOf({ name: "plugin", entry, external: unusedPatterns, mustBeKept: true });
  } catch (error) {
    startPulumisOwn(reasonOf(error));
    return;
  }
  const giveUp = (error) => {
    if (!listens())
      startPulumisOwn(`this version of Pulumi's SDK does not run in one file: ${error.message}`);
  };
  process.once("uncaughtException", giveUp);
  process.once("unhandledRejection", giveUp);
  try {
    Error.prepareStackTrace = undefined;
    const { load } = runBundle(bundle, withoutUnused());
    setOwnResources(load);
    // The engine waits for the plugin to listen. The resources load after that.
    setTimeout(() => load().prepareOwnPlugin(), untilListening);
  } catch (error) {
    giveUp(error);
  }
};

function listens() {
  return process.getActiveResourcesInfo().includes("TCPServerWrap");
}

/** In a new process, because this one may be partly loaded. */
function startPulumisOwn(reason) {
  const [command, ...args] = pulumisOwn();
  const child = spawn(command, [...args, ...process.argv.slice(2)], {
    stdio: "inherit",
    env: environmentWith(reason),
    shell: command.endsWith(".cmd"),
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => process.exit(code ?? 1));
}

/** The plugin of the SDK, or the launcher of the CLI, which finds the SDK. */
function pulumisOwn() {
  try {
    return [process.execPath, require.resolve(pulumiPlugin)];
  } catch {}
  const name = `pulumi-resource-pulumi-nodejs${process.platform === "win32" ? ".cmd" : ""}`;
  const home = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  const folders = [...(process.env.PATH ?? "").split(delimiter), join(home, "bin")];
  const launcher = folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (launcher === undefined) {
    throw new Error(
      `@pulumi/pulumi has no ${pulumiPlugin}, and ${name} is not on the PATH. ` +
        "Put the folder of the pulumi command on the PATH, or take `plugins:` out of Pulumi.yaml.",
    );
  }
  return [launcher];
}
