import { Group } from "../../providers/authentik/group";
import { SharedValues } from "../../providers/sso/identity";
import type { AuthentikServer } from "../authentikServer";

const groupsOf = new WeakMap<AuthentikServer, SharedGroups>();

/** The groups of one authentik. Clusters share them, so each group is created once. */
export class SharedGroups {
  readonly #authentik: AuthentikServer;
  readonly #identity: SharedValues;
  readonly #groups = new Map<string, Group>();

  static of(authentik: AuthentikServer): SharedGroups {
    const known = groupsOf.get(authentik) ?? new SharedGroups(authentik);
    groupsOf.set(authentik, known);
    return known;
  }

  private constructor(authentik: AuthentikServer) {
    this.#authentik = authentik;
    const usedOn = authentik.deletedWith ? undefined : { authentik: authentik.connection };
    this.#identity = new SharedValues("groups-identity", { usedOn }, authentik.options);
  }

  /** Returns the resource of a group. A group that exists already is used unchanged and kept at destroy. */
  group(name: string): Group {
    const group = this.#groups.get(name) ?? this.#make(name);
    this.#groups.set(name, group);
    return group;
  }

  #make(name: string): Group {
    const { connection, options, readiness, deletedWith } = this.#authentik;
    return new Group(
      `group-${name}`,
      { authentik: connection, name, reuse: true, ownershipMark: this.#identity.serialNumber },
      { ...options, dependsOn: [readiness], deletedWith },
    );
  }
}
