// Plain Node.js without dependencies, because it runs before anything is installed. Also works on Windows.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const lowestNode = [20, 19];

function checkNodeVersion() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < lowestNode[0] || (major === lowestNode[0] && minor < lowestNode[1])) {
    console.error(`Node.js ${process.versions.node} is too old: install ${lowestNode.join(".")} or newer.`);
    process.exit(1);
  }
}

function packagesAreCurrent() {
  const installed = join(root, "node_modules", ".package-lock.json");
  return (
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs
  );
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (result.error) {
    console.error(`Could not run ${command}: ${result.error.message}`);
    process.exit(1);
  }
  return result.status ?? 1;
}

function installPackages() {
  console.log("Installing npm packages (npm ci) …");
  const begun = Date.now();
  // npm is a script on Windows, which needs a shell. Its warnings about packages require no action, so they are
  // hidden.
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const status = run("npm", args, { shell: process.platform === "win32" });
  if (status !== 0) {
    console.error("npm ci failed: its message above says why.");
    process.exit(status);
  }
  console.log(`npm packages installed in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}

checkNodeVersion();
if (!packagesAreCurrent()) installPackages();
process.exit(
  run(process.execPath, ["--import", "tsx", join(root, "cli", "cli.ts"), ...process.argv.slice(2)]),
);
