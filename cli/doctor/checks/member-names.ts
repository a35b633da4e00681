import { problemWithLogin } from "../../../components/model/claims";
import { authentikOf } from "../chain";
import { type Check, pass, warn } from "../check";
import type { Cluster } from "../subject";
import { isNotMadeYet } from "./answers";

/** Members of the groups whose names Proxmox cannot accept. authentik still lets them in. */
export const memberNamesCheck: Check<Cluster> = {
  name: "Names of members",
  needs: ["authentik token"],
  async look(cluster) {
    const { groups, realm, usernameClaim } = cluster;
    if (groups.length === 0 || isNotMadeYet(cluster)) return undefined;
    const authentik = authentikOf(cluster);
    const members = await Promise.all(groups.map(({ name }) => authentik.membersOf(name)));
    const refused = [...new Set(members.flat())].flatMap((username) => {
      const why = problemWithLogin(username, realm, usernameClaim);
      return why === undefined ? [] : [warn(`"${username}" is in one of the groups, but ${why}.`, rename)];
    });
    return refused.length > 0 ? refused : pass("Proxmox accepts the user name of every member of the groups");
  },
};

const rename = "Rename the user in authentik.";
