import { topName } from "./clusters";
import type { ConfigMistake } from "./rules";
import type { ResolvedCluster } from "./stack";

/** Values that two clusters of a stack must not share. */
export function sharedNames(clusters: readonly ResolvedCluster[]): ConfigMistake[] {
  return clusters.flatMap((cluster, index) => {
    const before = clusters.slice(0, index);
    return [
      ...(before.some(({ name }) => name === cluster.name)
        ? [
            {
              key: `clusters.${topName}`,
              message:
                "has the name of the default cluster, which the top-level keys describe: choose another name",
            },
          ]
        : []),
      ...rules.flatMap(({ path, valuesOf, message }) =>
        valuesOf(cluster)
          .filter((value) => before.some((other) => valuesOf(other).includes(value)))
          .map((value) => ({
            key: cluster.key(path),
            message: `is "${value}", like another cluster's: ${message}`,
          })),
      ),
    ];
  });
}

interface Rule {
  readonly path: string;
  readonly valuesOf: (cluster: ResolvedCluster) => readonly string[];
  readonly message: string;
}

const rules: readonly Rule[] = [
  {
    path: "application.slug",
    valuesOf: ({ slug }) => [slug],
    message: "set another one for each cluster, because it is part of the issuer",
  },
  {
    path: "application.name",
    valuesOf: ({ title }) => [title],
    message: "set another one for each cluster, because names of providers are unique in authentik",
  },
  {
    path: "clientId",
    valuesOf: ({ options: { clientId } }) => (clientId === undefined ? [] : [clientId]),
    message: "set another one for each cluster, because client IDs are unique in authentik",
  },
  {
    path: "certificate.name",
    valuesOf: ({ options: { certificate } }) =>
      typeof certificate?.name === "string" ? [certificate.name] : [],
    message: "set another one for each cluster, because names of certificates are unique in authentik",
  },
  {
    path: "proxmox.addresses",
    // DNS ignores the final dot of a name.
    valuesOf: ({ addresses, connection }) => [
      ...new Set([...addresses, connection.url].map((url) => url.replace(/\.(?=(:\d+)?(\/|$))/, ""))),
    ],
    message: "list each Proxmox node or cluster once, with all its addresses",
  },
];
