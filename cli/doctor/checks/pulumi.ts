import { isSupportedPulumi, lowestPulumi } from "../../../lab/toolchain/versions";
import { type Check, fail, pass } from "../check";
import type { Machine } from "../machine";

export const pulumiCheck: Check<Machine> = {
  name: "Pulumi CLI",
  async look({ pulumi }) {
    const version = (await pulumi(["version"])).trim();
    return isSupportedPulumi(version)
      ? pass(`Pulumi ${version}`)
      : fail(
          `Pulumi ${version} is too old.`,
          `Install ${lowestPulumi} or newer: https://www.pulumi.com/docs/install/`,
        );
  },
};
