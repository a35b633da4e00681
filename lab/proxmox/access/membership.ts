import { Failure } from "../errors";
import type { Call } from "../http/method";
import type { Config } from "../state/store";
import { realmOfUser, userIdProblem } from "./formats";

export function groupsOf(config: Config, userid: string): string[] {
  return Object.keys(config.groups)
    .filter((name) => config.groups[name]?.members.includes(userid))
    .sort();
}

export function joinGroup(config: Config, name: string, userid: string): void {
  const group = config.groups[name];
  if (group === undefined) throw new Failure(`no such group '${name}'`);
  if (!group.members.includes(userid)) group.members.push(userid);
}

export function leaveAllGroups(config: Config, userid: string): void {
  for (const group of Object.values(config.groups)) {
    group.members = group.members.filter((member) => member !== userid);
  }
}

/** Refuses an unknown user, and a caller without the privileges on one of the user's groups. */
export function requireOnUser(call: Call, wanted: string[]): void {
  const userid = checkedUserId(call);
  const { config } = call.node.store;
  call.permissions.requireOnGroups(call.caller.subject, groupsOf(config, userid), wanted);
  if (config.users[userid] === undefined) throw new Failure(`no such user ('${userid}')`);
}

/** Refuses a caller who may not create and delete users of the realm. */
export function requireOnRealm(call: Call): void {
  const realm = realmOfUser(checkedUserId(call));
  call.permissions.require(call.caller.subject, `/access/realm/${realm}`, "Realm.AllocateUser");
}

function checkedUserId({ parameters }: Call): string {
  const { userid = "" } = parameters;
  const problem = userIdProblem(userid);
  if (problem !== undefined) throw new Failure(problem);
  return userid;
}
