import type { Browser } from "./browser";
import { type ExpectedProvider, orExplained, proveClaim } from "./discovery";
import { NoOwnLogin } from "./noOwnLogin";
import { proveByOwnUser } from "./ownLogin";
import { type OwnLogin, type OwnLoginOptions, type OwnLoginPlace, RolesMissingError } from "./ownLoginSteps";
import type { Sessions } from "./sharedSessions";
import { UnmetDemandError } from "./stages";

/** The last part of an issuer (see `issuerOf`). */
function slugIn(issuerUrl: string): string {
  return new URL(issuerUrl).pathname.split("/").filter(Boolean).at(-1) ?? "";
}

type Tried = OwnLogin | { readonly nobody: string };

/** What the login of the proof's own user proved, or why nobody can log in as such a user. */
export async function tryOwnUser(
  expected: ExpectedProvider,
  place: Omit<OwnLoginPlace, "slug"> & { newBrowser(): Browser },
  { own, sessions }: { readonly own: OwnLoginOptions; readonly sessions: Sessions },
): Promise<Tried> {
  const login = proveByOwnUser({ ...place, slug: slugIn(expected.issuerUrl) }, own, sessions);
  const attempt = login.catch(whyNobody);
  const tried = await orExplained(attempt, place.newBrowser, expected, RolesMissingError);
  if ("nobody" in tried || !tried.rolesArrived) await proveClaim(place.newBrowser(), expected);
  return tried;
}

function whyNobody(error: unknown): Tried {
  if (error instanceof UnmetDemandError) return { nobody: error.demand };
  if (error instanceof NoOwnLogin) return { nobody: `${error.message}.` };
  throw error;
}
