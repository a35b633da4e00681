import type { AuthentikClient } from "../../providers/authentik/client";
import { withGroupsBelow } from "../../providers/authentik/membersBelow";
import type { Group } from "../../providers/authentik/wire";

interface FlowOfStage {
  readonly slug: string;
  readonly designation: string;
}

interface UserWriteStage {
  readonly create_users_group: string | null;
  readonly flow_set: readonly FlowOfStage[];
}

interface InvitationStage {
  readonly continue_flow_without_invitation?: boolean;
  readonly flow_set: readonly FlowOfStage[];
}

interface Source {
  readonly name: string;
  readonly slug: string;
  readonly enabled?: boolean;
  readonly meta_model_name: string;
  /** OAuth, SAML, Kerberos and Plex. */
  readonly group_matching_mode?: string;
  /** LDAP. */
  readonly sync_groups?: boolean;
  readonly sync_parent_group?: string | null;
}

interface GroupSourceConnection {
  readonly source_obj: Pick<Source, "name" | "enabled">;
}

/** Paths of the kinds of sources that have settings for groups, by their model. */
const sourcesWithGroups: Readonly<Record<string, string>> = {
  "authentik_sources_oauth.oauthsource": "oauth",
  "authentik_sources_saml.samlsource": "saml",
  "authentik_sources_kerberos.kerberossource": "kerberos",
  "authentik_sources_plex.plexsource": "plex",
  "authentik_sources_ldap.ldapsource": "ldap",
};

/**
 * The ways in which somebody becomes a member of this group without an administrator of authentik: enrolment flows, and
 * directories. Each continues a sentence.
 */
export async function waysInto(client: AuthentikClient, group: Group): Promise<string[]> {
  return (
    await Promise.all([enrolments(client, group), connections(client, group), sources(client, group)])
  ).flat();
}

async function enrolments(client: AuthentikClient, group: Group): Promise<string[]> {
  const [writing, groups] = await Promise.all([
    client.listAt<UserWriteStage>("stages/user_write/"),
    client.groups.all(),
  ]);
  // Members of a group are members of its parents, too.
  const below = withGroupsBelow(group.pk, groups);
  const adding = writing
    .filter(({ create_users_group: added }) => added !== null && below.includes(added))
    .flatMap(({ flow_set }) => flow_set.filter(({ designation }) => designation === "enrollment"));
  if (adding.length === 0) return [];
  const inviting = await client.listAt<InvitationStage>("stages/invitation/stages/");
  const invited = inviting
    .filter(({ continue_flow_without_invitation: everybody = false }) => !everybody)
    .flatMap(({ flow_set }) => flow_set.map(({ slug }) => slug));
  const open = [...new Set(adding.map(({ slug }) => slug))].filter((slug) => !invited.includes(slug));
  return open.map((slug) => `the enrolment flow "${slug}" adds everybody who registers with it`);
}

/** Directories that have filled this group already. LDAP sources of earlier releases leave an attribute. */
async function connections(client: AuthentikClient, group: Group): Promise<string[]> {
  const linked = await client.listAt<GroupSourceConnection>("sources/group_connections/all/", {
    group: group.pk,
  });
  const byScim = await client.listAt<object>("sources/scim_groups/", { group__group_uuid: group.pk });
  const names = linked
    .map(({ source_obj }) => source_obj)
    .filter(({ enabled = true }) => enabled)
    .map(({ name }) => name);
  const byLdap = names.length === 0 && Object.hasOwn(group.attributes, "ldap_uniq");
  return [
    ...[...new Set(names)].map((name) => `the source "${name}" fills it from outside`),
    ...(byScim.length > 0 ? ["a SCIM source fills it from outside"] : []),
    ...(byLdap ? ["an LDAP source fills it from outside"] : []),
  ];
}

/** Sources whose settings let a directory fill this group by its name, or with groups below it. */
async function sources(client: AuthentikClient, group: Group): Promise<string[]> {
  const all = await client.listAt<Source>("sources/all/");
  const kinds = new Set(all.flatMap(({ meta_model_name: model }) => sourcesWithGroups[model] ?? []));
  const found = await Promise.all([...kinds].map((kind) => client.listAt<Source>(`sources/${kind}/`)));
  return found.flat().flatMap((source) => {
    const { name, enabled = true, group_matching_mode, sync_groups, sync_parent_group } = source;
    if (!enabled) return [];
    if (group_matching_mode === "name_link")
      return [`the source "${name}" adds everybody whose directory names a group "${group.name}"`];
    return sync_groups && sync_parent_group === group.pk
      ? [`the source "${name}" adds all groups of its directory below it`]
      : [];
  });
}
