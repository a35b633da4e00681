import type { AuthentikClient } from "../../authentik/client";
import type { Group } from "../../authentik/wire";
import { messageOf, UserError } from "../../core/errors";
import { undefinedIfMissing } from "../../core/gone";
import type { BegunLogin, ProvedPage } from "./addresses";
import { codeIn, continueLogin, logIn } from "./authentikLogin";
import { NoOwnLogin, unlessRefused } from "./noOwnLogin";
import { admittingGroup, firstFit, type GroupToTry } from "./ownGroups";
import {
  mailOf,
  makeOnProxmox,
  newName,
  OwnUser,
  removeLeftFromAuthentik,
  removeLeftFromProxmox,
  type UserApi,
} from "./ownUser";
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

/** Claims with a value for every user. With any other claim, the name on Proxmox is unknown before the login. */
const namesOf: Readonly<Record<string, (username: string) => string>> = {
  username: (username) => username,
  preferred_username: (username) => username,
  nickname: (username) => username,
  name: (username) => username,
  email: mailOf,
};

/** Another proof of the same cluster began, and removed this proof's user. */
class RemovedByOther extends Error {}

/** How often a proof begins again with another user. */
const attempts = 3;

/** Deletes users of killed proofs on both servers. Nobody can log in with them. Returns their names. */
export async function removeLeft({
  authentik,
  slug,
  api,
  realm,
}: Pick<OwnLoginPlace, "authentik" | "slug" | "api"> & { readonly realm: string }): Promise<string[]> {
  return [...(await removeLeftFromAuthentik(authentik, slug)), ...(await removeLeftFromProxmox(api, realm))];
}

/**
 * Logs in a new user that is only in the group that admits it, then deletes it. Returns what was proved. A proof that
 * begins removes the users of killed proofs. If that was the user of this proof, it begins again and removes none.
 */
export async function proveByOwnUser(place: OwnLoginPlace, options: OwnLoginOptions): Promise<string> {
  const { authentik, slug, proxmox, api } = place;
  const nameFrom = namesOf[options.usernameClaim];
  if (nameFrom === undefined) {
    throw new NoOwnLogin(`a new user has no value for the username claim "${options.usernameClaim}"`);
  }
  await unlessRefused(removeLeft({ authentik, slug, api, realm: proxmox.realm }));
  for (let attempt = 1; ; attempt++) {
    const username = newName();
    try {
      return await proveBy(username, `${nameFrom(username)}@${proxmox.realm}`, place, options);
    } catch (error) {
      if (!(error instanceof RemovedByOther)) throw error;
      if (attempt === attempts) throw error.cause;
    }
  }
}

async function proveBy(
  username: string,
  userId: string,
  place: OwnLoginPlace,
  options: OwnLoginOptions,
): Promise<string> {
  const { authentik, slug, api } = place;
  const admitting = await unlessRefused(admittingGroup(authentik, options.admittedBy));
  await unlessRefused(makeOnProxmox(api, userId));
  let user: OwnUser | undefined;
  const remove = () =>
    removeAll(user && (() => user?.remove()), () => undefinedIfMissing(api.deleteUser(userId)));
  let proved: string;
  try {
    user = await unlessRefused(OwnUser.make(authentik, slug, username));
    await unlessRefused(user.setPassword());
    proved = await logInAndOut(user, userId, admitting, place, options);
  } catch (error) {
    const isRemoved = await isGone(user, userId, api);
    const left = await remove();
    if (isRemoved) throw new RemovedByOther(messageOf(error), { cause: error });
    throw left.length > 0 && error instanceof UserError
      ? new UserError(`${error.message} ${whatIsLeft(left)}`)
      : error;
  }
  const left = await remove();
  if (left.length > 0) throw new UserError(whatIsLeft(left));
  return proved;
}

/** Whether somebody has deleted the proof's user on one of the servers. */
async function isGone(user: OwnUser | undefined, userId: string, api: UserApi): Promise<boolean> {
  if (user === undefined) return false;
  const looked = await Promise.allSettled([
    user.isGone(),
    // A token that may not list users sees none.
    api.userIds().then((userIds) => userIds.length > 0 && !userIds.includes(userId)),
  ]);
  return looked.some((outcome) => outcome.status === "fulfilled" && outcome.value);
}

async function logInAndOut(
  user: OwnUser,
  userId: string,
  admitting: Group | undefined,
  place: OwnLoginPlace,
  options: OwnLoginOptions,
): Promise<string> {
  const { proxmox } = place;
  const login = await place.begin();
  const { browser, authorization, redirectUri } = login;
  const proved: string[] = [];
  let proceed = () => continueLogin(browser, authorization, user);
  if (admitting !== undefined) {
    if (options.refusesOthers) {
      await proveRefusal(proceed());
      proceed = () => logIn(browser, authorization.url, user, true);
      proved.push("authentik refused it while it was in no group");
    }
    await user.joinOnly(admitting.pk);
  }
  const finish = async () => proxmox.logIn(...codeIn(await proceed()), redirectUri);
  const { username, ticket } = await whileAdmitted(options.admittedBy, () =>
    finish().catch(async (error: unknown) => {
      const former = error instanceof DeniedError ? await formerGroup(place.authentik, options) : undefined;
      if (former === undefined) throw error;
      await user.joinOnly(former.pk);
      proceed = () => logIn(browser, authorization.url, user, true);
      proved.push(
        "authentik still has the bindings of the former `access`, and an `up` removes them at its end: npm run verify then proves a login without them",
      );
      return finish();
    }),
  );
  if (username !== userId) {
    throw new UserError(
      `Proxmox calls the proof's user "${username}", and not "${userId}" as the username claim "${options.usernameClaim}" says. Run pulumi refresh, then pulumi up.`,
    );
  }
  await proxmox.permissions(ticket);
  const group = await firstFit(place.authentik, options.groups);
  if (group !== undefined) {
    await user.joinOnly(group.pk);
    await proveRoles(group.name, group.paths, user, login, proxmox);
    proved.push(`the roles of the group "${group.name}" arrived`);
  }
  return proved.map((what) => ` ${what.charAt(0).toUpperCase()}${what.slice(1)}.`).join("");
}

/** The engine removes bindings that are not declared at the end of an `up`, after the proof. */
async function formerGroup(
  authentik: AuthentikClient,
  { formerlyAdmittedBy: name }: OwnLoginOptions,
): Promise<Group | undefined> {
  try {
    return await admittingGroup(authentik, name);
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
    "authentik lets a user use the application who is in no group of `access`. Run pulumi refresh, then pulumi up, which removes bindings that are not declared.",
  );
}

/** The user has a session at authentik, so no flow asks for the password again. */
async function proveRoles(
  name: string,
  paths: readonly string[],
  user: OwnUser,
  { browser, redirectUri }: BegunLogin,
  proxmox: ProvedPage,
): Promise<void> {
  const url = await proxmox.authorizationUrl(redirectUri);
  const { ticket } = await proxmox.logIn(...codeIn(await logIn(browser, url, user, true)), redirectUri);
  const permissions = await proxmox.permissions(ticket);
  const missing = paths.filter((path) => permissions[path] === undefined);
  if (missing.length > 0) {
    throw new UserError(
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

/** Tries to delete each, and returns the reasons of failures. */
async function removeAll(
  ...removals: ((() => Promise<unknown> | undefined) | undefined)[]
): Promise<string[]> {
  const outcomes = await Promise.allSettled(removals.map(async (remove) => remove?.()));
  return outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [messageOf(outcome.reason)] : []));
}

function whatIsLeft(failures: readonly string[]): string {
  return (
    `The proof's user could not be removed: ${failures.join(" ")} Nobody knows its password. ` +
    "The next proof removes it: run pulumi up or npm run verify again."
  );
}
