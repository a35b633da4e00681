import { AddressError, apiUrlOnDocker, authentikOrigin } from "../components/addresses";
import { unfitAuthentik, unfitSso } from "../components/production";
import type { Cluster } from "./clusters";
import type { Mistake } from "./rules";
import type { StackConfig } from "./schema";

/** What the components refuse for production, by config key: so it is told together with all other mistakes. */
export function productionMistakes(config: StackConfig, clusters: readonly Cluster[]): Mistake[] {
  if (!config.production) return [];
  const unfit = [
    ...ofAuthentik(config),
    ...clusters.flatMap(({ addresses, allowEveryone, key }) =>
      unfitSso({ addresses, allowEveryone }).map(({ option, message }) => ({
        key: option === "addresses" ? key("addresses") : key("allowEveryone"),
        message,
      })),
    ),
  ];
  return unfit.map(({ key, message }) => ({ key, message: `${message} (for production)` }));
}

function ofAuthentik(config: StackConfig): Mistake[] {
  const { authentikUrl, authentikApiUrl, deployAuthentik, dockerHost, bindAddress, httpPort } = config;
  if (authentikUrl === undefined) return [];
  try {
    const origin = authentikOrigin(authentikUrl);
    const onDocker = { origin, dockerHost, bindAddress: bindAddress ?? "0.0.0.0", httpPort };
    const apiUrl = authentikApiUrl ?? (deployAuthentik ? apiUrlOnDocker(onDocker) : origin);
    return unfitAuthentik({ origin, apiUrl }).map(({ option, message }) => ({ key: option, message }));
  } catch (error) {
    // It is no address at all, which another rule tells.
    if (error instanceof AddressError) return [];
    throw error;
  }
}
