import type { AuthentikClient } from "../../authentik/client";
import { UserError } from "../../core/errors";
import type { BegunLogin, ProvedPage } from "./addresses";
import { codeIn } from "./authentikLogin";
import { inNoGroup, type Membership } from "./memberships";
import { NoOwnLogin } from "./noOwnLogin";
import { type Admission, closingMembership, type FindGroup, type GroupToTry } from "./ownGroups";
import type { LoggedIn } from "./ownSession";
import type { UserApi } from "./ownUser";
import { DeniedError } from "./pages";

/** Facts about the application that the login of the proof's own user needs. */
export interface OwnLoginOptions {
  /** The claim that becomes the user's name on Proxmox. */
  readonly usernameClaim: string;
  /** Name of the group that admits the user. Undefined if everybody may use the application. */
  readonly admittedBy?: string | undefined;
  /** If everybody may use the application: the group that admitted the user while there was an `access`. */
  readonly formerlyAdmittedBy?: string | undefined;
  /** Whether only members of declared groups may use the application. */
  readonly refusesOthers: boolean;
  /** Groups of authentik whose roles may be tried, with the paths of these roles. */
  readonly groups: readonly GroupToTry[];
}

/** The servers of the login. */
export interface OwnLoginPlace {
  readonly authentik: AuthentikClient;
  readonly slug: string;
  /** The login that the check of the addresses has begun. Each further call begins a new one. */
  begin(): Promise<BegunLogin>;
  readonly proxmox: ProvedPage;
  readonly api: UserApi;
}

/** What the login of the proof's own user has shown. */
export interface OwnLogin {
  /** As sentences, each with a space before it. */
  readonly proved: string;
  readonly rolesArrived: boolean;
}

/** A member of a group logged in, and does not have the group's roles. */
export class RolesMissingError extends UserError {}

interface Subject {
  /** The expected name of the user on Proxmox. */
  readonly userId: string;
  readonly admission: Admission;
  /** Finds a group of authentik by its name. */
  readonly find: FindGroup;
  readonly login: BegunLogin;
}

/**
 * Proves who may use the application, then logs in to Proxmox. If possible, the user is a member of a declared
 * group.
 */
export async function logInWith(
  session: LoggedIn,
  { userId, admission, find, login }: Subject,
  { proxmox }: OwnLoginPlace,
  options: OwnLoginOptions,
): Promise<OwnLogin> {
  const { authorization, redirectUri } = login;
  const { membership, group } = admission;
  const { memberships } = session;
  const isForEveryone = options.admittedBy === undefined;
  const proved: string[] = [];
  const visit = () => session.visit(authorization.url);
  const logIn = (where: Membership) =>
    memberships.whileIn(where, async () => proxmox.logIn(...codeIn(await visit()), redirectUri));
  if (options.refusesOthers && !isForEveryone) {
    await memberships.whileIn(inNoGroup, () => proveRefusal(visit()));
    proved.push("Authentik refused it while it was in no group.");
  }
  const { username, ticket } = await whileAdmitted(isForEveryone ? undefined : group?.name, async () => {
    try {
      if (isForEveryone && group !== undefined) await memberships.whileIn(inNoGroup, visit);
      return await logIn(membership);
    } catch (error) {
      const former = error instanceof DeniedError ? await formerMembership(find, options) : undefined;
      if (former === undefined) throw error;
      proved.push(
        "Authentik still has the bindings of the former `access`, and an `up` removes them at its end: npm run verify then proves a login without them.",
      );
      return logIn(group === undefined ? former : membership);
    }
  });
  if (username !== userId) {
    throw new UserError(
      `Proxmox calls the proof's user "${username}", and not "${userId}" as the username claim "${options.usernameClaim}" says. Run pulumi refresh, then pulumi up.`,
    );
  }
  const permissions = await proxmox.permissions(ticket);
  const { paths } = group ?? {};
  if (group && paths) {
    requireRoles(group.name, paths, permissions);
    proved.push(`The roles of the group "${group.name}" arrived.`);
  }
  return { proved: proved.map((sentence) => ` ${sentence}`).join(""), rolesArrived: paths !== undefined };
}

/** The engine removes bindings that are not declared at the end of an `up`, after the proof. */
async function formerMembership(
  find: FindGroup,
  { formerlyAdmittedBy }: OwnLoginOptions,
): Promise<Membership | undefined> {
  try {
    return formerlyAdmittedBy === undefined ? undefined : await closingMembership(find, formerlyAdmittedBy);
  } catch (error) {
    if (error instanceof NoOwnLogin) return undefined;
    throw error;
  }
}

async function proveRefusal(login: Promise<unknown>): Promise<void> {
  try {
    await login;
  } catch (error) {
    if (error instanceof DeniedError) return;
    throw error;
  }
  throw new UserError(
    "authentik lets a user who is in no group of `access` use the application. Run pulumi refresh, then pulumi up, which removes bindings that are not declared.",
  );
}

function requireRoles(name: string, paths: readonly string[], permissions: Record<string, unknown>): void {
  const missing = paths.filter((path) => permissions[path] === undefined);
  if (missing.length > 0) {
    throw new RolesMissingError(
      `A member of the group "${name}" logged in, and has none of its permissions on ${missing.join(", ")}. Run pulumi refresh, then pulumi up. To compare the claim and the groups on both servers, run npm run doctor.`,
    );
  }
}

async function whileAdmitted<T>(group: string | undefined, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof DeniedError)) throw error;
    throw new UserError(
      group === undefined
        ? "authentik denies a new user the application, although `allowEveryone` is set. Remove the application's bindings. Under System > Settings, check the setting for applications without bindings. Then check the policies and the requirement of the authorization flow."
        : `authentik denies the application to a member of the group "${group}". The group's binding is gone, or a policy or a requirement of the authorization flow excludes the user. Run pulumi up --refresh, then check the flow.`,
    );
  }
}
