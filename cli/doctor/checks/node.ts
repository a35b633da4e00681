import { satisfies } from "semver";
import { engines } from "../../../package.json";
import { type Check, fail, pass } from "../check";
import type { Machine } from "../machine";

export const nodeCheck: Check<Machine> = {
  name: "Node.js",
  async look({ nodeVersion }) {
    return satisfies(nodeVersion, engines.node)
      ? pass(`Node.js ${nodeVersion}`)
      : fail(`Node.js ${nodeVersion} is too old.`, `Install Node.js ${engines.node}.`);
  },
};
