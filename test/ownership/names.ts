import type { ClusterDeclaration } from "./program";

type Named = Pick<ClusterDeclaration, "called" | "hasOtherNames">;

/** By default, all names of a cluster are the same. */
export function realmOf({ called, hasOtherNames }: Named): string {
  return hasOtherNames ? `${called}-login` : called;
}

export function titleOf({ called, hasOtherNames }: Named): string {
  return hasOtherNames ? `Servers of ${called}` : `Proxmox ${called}`;
}

export function signingNameOf({ called, hasOtherNames }: Named): string {
  return hasOtherNames ? `key of ${called}` : `${called} signing (proxmox-authentik-sso)`;
}
