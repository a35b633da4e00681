import { z } from "zod";
import { ConfigError } from "../../../config/load";
import { dockerPluginVersion } from "../../../lab/toolchain/versions";
import { type Check, pass, warn } from "../check";
import type { Machine } from "../machine";

const plugins = z.array(z.object({ name: z.string(), version: z.string().optional() }));

/** Pulumi downloads a missing plugin by itself, if it has access to the internet. */
export const pluginCheck: Check<Machine> = {
  name: "Docker plugin",
  needs: ["Pulumi CLI"],
  async look({ config, pulumi }) {
    if (!(config instanceof ConfigError) && !config.config.deployAuthentik) return undefined;
    const installed = plugins.parse(JSON.parse(await pulumi(["plugin", "ls", "--json"])));
    const versions = installed.filter(({ name }) => name === "docker").map(({ version }) => version);
    if (versions.includes(dockerPluginVersion)) return pass(`Pulumi's Docker plugin ${dockerPluginVersion}`);
    return warn(
      `Pulumi's Docker plugin ${dockerPluginVersion} is not installed${versions.length > 0 ? `, only ${versions.join(", ")}` : ""}.`,
      "The next preview downloads it. Where downloads are not allowed, `npm run setup` builds it.",
    );
  },
};
