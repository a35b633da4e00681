import type { Calls } from "./servers";

/**
 * Requests of OpenTofu 1.12 with the providers goauthentik/authentik and bpg/proxmox for the same clusters. Counted
 * on the real servers with 1, 10 and 100 clusters. Its destroy of 100 failed because authentik answered 500.
 */
const counts = {
  apply: (clusters: number) => calls(5 * clusters + 5, 3 * clusters, clusters, clusters),
  plan: (clusters: number) => calls(5 * clusters + 4, 0, clusters, 0),
  destroy: (clusters: number) => calls(5 * clusters + 6, 3 * clusters, clusters, clusters),
} satisfies Record<string, (clusters: number) => Calls>;

export type OpenTofuStep = keyof typeof counts;

function calls(authentikReads: number, authentikWrites: number, proxmoxReads: number, proxmoxWrites: number) {
  return { authentikReads, authentikWrites, proxmoxReads, proxmoxWrites };
}

export function openTofuCalls(step: OpenTofuStep, clusters: number): Calls {
  return counts[step](clusters);
}
