import type { AuthentikClient } from "../../authentik/client";
import { UserError } from "../../core/errors";
import type { BegunLogin, ProvedPage } from "./addresses";
import { codeIn } from "./authentikLogin";
import { inNoGroup } from "./memberships";
import type { Admission, GroupToTry } from "./ownGroups";
import type { LoggedIn } from "./ownSession";
import type { UserApi } from "./ownUser";
import { DeniedError } from "./pages";

/** Facts about the application that the login of the proof's own user needs. */
export interface OwnLoginOptions {
  /** The claim that becomes the user's name on Proxmox. */
  readonly usernameClaim: string;
  /** Name of the group that admits the user. Undefined if everybody may use the application. */
  readonly admittedBy?: string | undefined;
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
  readonly login: BegunLogin;
}

/** Shows who may use the application, then logs in to Proxmox, as a member of a declared group if one may be tried. */
export async function logInWith(
  session: LoggedIn,
  { userId, admission, login }: Subject,
  { proxmox }: OwnLoginPlace,
  options: OwnLoginOptions,
): Promise<OwnLogin> {
  const { authorization, redirectUri } = login;
  const { membership, group } = admission;
  const { memberships } = session;
  const isForEveryone = options.admittedBy === undefined;
  const proved: string[] = [];
  const visitAdmitted = () =>
    whileAdmitted(isForEveryone ? undefined : group?.name, () => session.visit(authorization.url));
  if (options.refusesOthers && !isForEveryone) {
    await memberships.whileIn(inNoGroup, () => proveRefusal(session.visit(authorization.url)));
    proved.push("Authentik refused it while it was in no group.");
  } else if (isForEveryone && group !== undefined) {
    await memberships.whileIn(inNoGroup, visitAdmitted);
  }
  const { username, ticket } = await memberships.whileIn(membership, async () =>
    proxmox.logIn(...codeIn(await visitAdmitted()), redirectUri),
  );
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

async function proveRefusal(login: Promise<unknown>): Promise<void> {
  try {
    await login;
  } catch (error) {
    if (error instanceof DeniedError) return;
    throw error;
  }
  throw new UserError(
    "authentik lets a user use the application who is in no group of `access`. Run pulumi refresh, then pulumi up, which removes bindings that are not declared.",
  );
}

function requireRoles(name: string, paths: readonly string[], permissions: Record<string, unknown>): void {
  const missing = paths.filter((path) => permissions[path] === undefined);
  if (missing.length > 0) {
    throw new RolesMissingError(
      `A member of the group "${name}" logged in, and has none of its permissions on ${missing.join(", ")}. Run pulumi refresh, then pulumi up; npm run doctor compares the claim and the groups on both servers.`,
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
        ? "authentik denies a new user the application, although `allowEveryone` is set. Remove its bindings, and look at the setting for applications without bindings, under System > Settings."
        : `authentik denies the application to a member of the group "${group}", whose binding is gone. Run pulumi up --refresh.`,
    );
  }
}
