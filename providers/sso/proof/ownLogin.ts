import { messageOf, UserError } from "../../core/errors";
import { undefinedIfMissing } from "../../core/gone";
import { NoOwnLogin, unlessRefused } from "./noOwnLogin";
import { admissionOf } from "./ownGroups";
import { logInWith, type OwnLogin, type OwnLoginOptions, type OwnLoginPlace } from "./ownLoginSteps";
import { namesInUse, type OwnSession } from "./ownSession";
import {
  mailOf,
  makeOnProxmox,
  removeLeftFromAuthentik,
  removeLeftFromProxmox,
  type UserApi,
  whatIsLeft,
} from "./ownUser";
import { inSessions, Sessions } from "./sharedSessions";

/** Claims with a value for every user. With any other claim, the name on Proxmox is unknown before the login. */
const namesOf: Readonly<Record<string, (username: string) => string>> = {
  username: (username) => username,
  preferred_username: (username) => username,
  nickname: (username) => username,
  name: (username) => username,
  email: mailOf,
};

/** Somebody has removed the user of this proof, such as another proof of the same cluster that has begun. */
class RemovedByOther extends Error {}

/** How often a proof begins again with another user. */
const attempts = 3;

/**
 * Deletes users of killed proofs on both servers. Nobody can log in with them. Returns their names.
 * @param inUse names of users to keep
 */
export async function removeLeft(
  {
    authentik,
    slug,
    api,
    realm,
  }: Pick<OwnLoginPlace, "authentik" | "slug" | "api"> & { readonly realm: string },
  inUse?: ReadonlySet<string>,
): Promise<string[]> {
  return [
    ...(await removeLeftFromAuthentik(authentik, slug, inUse)),
    ...(await removeLeftFromProxmox(api, realm, inUse)),
  ];
}

/**
 * Logs in a new user that is only in the group that admits it. A proof that begins removes the users of killed proofs.
 * If another process's proof did so with the user of this one, this one begins again, with a user for itself.
 */
export async function proveByOwnUser(
  place: OwnLoginPlace,
  options: OwnLoginOptions,
  shared: Sessions,
): Promise<OwnLogin> {
  const { authentik, slug, proxmox, api } = place;
  const nameFrom = namesOf[options.usernameClaim];
  if (nameFrom === undefined) {
    throw new NoOwnLogin(`a new user has no value for the username claim "${options.usernameClaim}"`);
  }
  await unlessRefused(removeLeft({ authentik, slug, api, realm: proxmox.realm }, namesInUse));
  const prove = (sessions: Sessions) => proveBy(sessions, nameFrom, place, options);
  for (let attempt = 1; ; attempt++) {
    try {
      return await (attempt === 1 ? prove(shared) : inSessions(new Sessions(authentik), prove));
    } catch (error) {
      if (!(error instanceof RemovedByOther)) throw error;
      if (attempt === attempts) throw error.cause;
    }
  }
}

async function proveBy(
  sessions: Sessions,
  nameFrom: (username: string) => string,
  place: OwnLoginPlace,
  options: OwnLoginOptions,
): Promise<OwnLogin> {
  const { slug, api, proxmox } = place;
  const find = (name: string) => sessions.groupNamed(name);
  const admission = await unlessRefused(admissionOf(find, options));
  const login = await place.begin();
  const session = sessions.sessionFor(login);
  const userId = `${nameFrom(session.username)}@${proxmox.realm}`;
  await unlessRefused(makeOnProxmox(api, userId));
  const remove = () => undefinedIfMissing(api.deleteUser(userId));
  let proved: OwnLogin;
  try {
    const loggedIn = await sessions.begin(session, slug, login);
    proved = await logInWith(loggedIn, { userId, admission, find, login }, place, options);
  } catch (error) {
    const isRemoved = await isGone(session, userId, api);
    const left = await remove().then(
      () => [],
      (failure: unknown) => [messageOf(failure)],
    );
    if (isRemoved) {
      sessions.forget(session);
      throw new RemovedByOther(messageOf(error), { cause: error });
    }
    throw left.length > 0 && error instanceof UserError
      ? new UserError(`${error.message} ${whatIsLeft(left)}`)
      : error;
  }
  await remove().catch((failure: unknown) => {
    throw new UserError(whatIsLeft([messageOf(failure)]));
  });
  return proved;
}

/** Whether somebody has deleted the proof's user on one of the servers. */
async function isGone(session: OwnSession, userId: string, api: UserApi): Promise<boolean> {
  if (!session.isMade) return false;
  const looked = await Promise.allSettled([
    session.isGone(),
    // A token that may not list users sees none.
    api.userIds().then((userIds) => userIds.length > 0 && !userIds.includes(userId)),
  ]);
  return looked.some((outcome) => outcome.status === "fulfilled" && outcome.value);
}
