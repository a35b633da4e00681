import { ConfigError } from "../../../config/load";
import { configKey } from "../../../config/schema";
import { type Check, fail, pass } from "../check";
import type { Machine } from "../machine";

export const configCheck: Check<Machine> = {
  name: "Configuration",
  async look({ config }) {
    if (!(config instanceof ConfigError)) return pass("all keys are valid, and all secrets are encrypted");
    return config.mistakes.map(({ key, message }) =>
      fail(
        `${configKey(key)} ${message}`,
        "Pulumi.yaml describes each key; set it with `pulumi config set`.",
      ),
    );
  },
};
