import { aclMethods } from "./access/acl";
import { domainMethods } from "./access/domains";
import { groupMethods } from "./access/groups";
import { roleMethods } from "./access/role-methods";
import { sessionMethods } from "./access/session";
import { tokenMethods } from "./access/tokens";
import { userMethods } from "./access/users";
import { clusterMethods } from "./cluster";
import type { Method } from "./http/method";
import { openidMethods } from "./openid/methods";

export const methods: Method[] = [
  ...sessionMethods,
  ...domainMethods,
  ...openidMethods,
  ...userMethods,
  ...tokenMethods,
  ...groupMethods,
  ...roleMethods,
  ...aclMethods,
  ...clusterMethods,
];
