import { NoOwnLogin } from "./noOwnLogin";
import { type OwnLoginOptions, type OwnLoginPlace, proveByOwnUser } from "./ownLogin";
import { UnmetDemandError } from "./stages";

/** The last part of an issuer (see `issuerOf`). */
export function slugIn(issuerUrl: string): string {
  return new URL(issuerUrl).pathname.split("/").filter(Boolean).at(-1) ?? "";
}

/** What the login of the proof's own user proved, or why nobody can log in as such a user. */
export async function tryOwnUser(
  issuerUrl: string,
  place: Omit<OwnLoginPlace, "slug">,
  options: OwnLoginOptions,
): Promise<{ readonly proved: string } | { readonly nobody: string }> {
  try {
    return { proved: await proveByOwnUser({ ...place, slug: slugIn(issuerUrl) }, options) };
  } catch (error) {
    if (error instanceof UnmetDemandError) return { nobody: error.demand };
    if (error instanceof NoOwnLogin) return { nobody: `${error.message}.` };
    throw error;
  }
}
