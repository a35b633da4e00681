import { UserError } from "../../core/errors";
import type { Challenge } from "./challenge";
import { headingOf, isDenial } from "./pages";
import { called, type TestUser, titleOf, UnmetDemandError } from "./stages";

/** The stages whose errors are about the credentials. */
function asksCredentials(stage: Challenge | undefined): boolean {
  return stage?.component === "ak-stage-identification" || stage?.component === "ak-stage-password";
}

/** Explains the errors of a stage. */
export function explainErrors(stage: Challenge, errors: string[], slug: string, user: TestUser): UserError {
  const said = errors.join(" ");
  const { component, user_fields: fields } = stage;
  if (asksCredentials(stage)) {
    const asks =
      fields && !fields.includes("username") ? ` The flow knows users by ${fields.join(" or ")} only.` : "";
    return new UnmetDemandError(
      `authentik's flow "${slug}" does not let in a user with a password of authentik: ${said}${asks}`,
      `authentik does not let ${called(user)} in: ${said}${asks} Check ${user.isAdministrator ? "the" : "the proof's"} user name and password, and in authentik whether the user is active and not locked.`,
    );
  }
  return new UserError(
    `authentik's flow "${slug}" refuses the proof's answer in its ${titleOf(component)} (${component}): ${said} Log in there by hand with "${user.username}".`,
  );
}

/**
 * Throws if the flow has ended without a login.
 * @param answered the stage whose answer authentik refuses with this end
 */
export function refuseEnd(
  stage: Challenge,
  slug: string,
  user: TestUser,
  answered: Challenge | undefined,
): void {
  const { component, error_message: reason, error, body } = stage;
  if (component === "ak-stage-access-denied" || (component === "xak-flow-shell" && isDenial(body))) {
    const why = (reason || headingOf(body)).replace(/\.$/, "");
    const another = user.isAdministrator ? "give an API token" : "set another `testUsername`";
    const cause = asksCredentials(answered)
      ? `It ended right after the ${titleOf(answered?.component ?? "")}. Check the user name and the password. In authentik, check that the user is active and not locked after failed logins. Otherwise `
      : "A policy, a Deny Stage or a requirement of the flow excludes the user: ";
    throw new UnmetDemandError(
      `authentik's flow "${slug}" denies the user access${why && `: ${why}`}.`,
      `authentik denies ${called(user)} access in its flow "${slug}"${why && `: ${why}`}. ${cause}${another}, or change the flow.`,
    );
  }
  if (component === "ak-stage-flow-error") {
    throw new UserError(
      `authentik's flow "${slug}" failed inside authentik${error && `: ${error}`}. See its log, and Events > Logs.`,
    );
  }
}
