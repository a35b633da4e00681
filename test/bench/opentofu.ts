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

/**
 * The part of its measured times without calls: a plan without refresh takes 1.3 s with 4 reads of
 * authentik.
 */
export const openTofuStartSeconds = 0.6;

export type OpenTofuStep = keyof typeof counts;

function calls(authentikReads: number, writes: number, proxmoxReads: number, proxmoxWrites: number): Calls {
  return { authentikReads, authentikWrites: writes, proxmoxReads, proxmoxWrites };
}

export function openTofuCalls(step: OpenTofuStep, clusters: number): Calls {
  return counts[step](clusters);
}
