import type { AuthentikClient } from "../../providers/authentik/client";
import type { Group, Page } from "../../providers/authentik/wire";
import { NotFoundError } from "../../providers/core/errors";
import { undefinedIfMissing } from "../../providers/core/gone";

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
  const writing = await listed<UserWriteStage>(client, "stages/user_write/");
  const adding: FlowOfStage[] = [];
  for (const { create_users_group: added, flow_set } of writing) {
    const flows = flow_set.filter(({ designation }) => designation === "enrollment");
    if (added && flows.length > 0 && (await isWithin(client, added, group.pk))) adding.push(...flows);
  }
  if (adding.length === 0) return [];
  const inviting = await listed<InvitationStage>(client, "stages/invitation/stages/");
  const invited = inviting
    .filter(({ continue_flow_without_invitation: everybody = false }) => !everybody)
    .flatMap(({ flow_set }) => flow_set.map(({ slug }) => slug));
  const open = [...new Set(adding.map(({ slug }) => slug))].filter((slug) => !invited.includes(slug));
  return open.map((slug) => `the enrolment flow "${slug}" adds everybody who registers with it`);
}

/** Directories that have filled this group already. LDAP sources of earlier releases leave an attribute. */
async function connections(client: AuthentikClient, group: Group): Promise<string[]> {
  const linked = await listed<GroupSourceConnection>(client, "sources/group_connections/all/", {
    group: group.pk,
  });
  const byScim = await listed<object>(client, "sources/scim_groups/", { group__group_uuid: group.pk });
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
  const all = await listed<Source>(client, "sources/all/");
  const kinds = new Set(all.flatMap(({ meta_model_name: model }) => sourcesWithGroups[model] ?? []));
  const found = await Promise.all([...kinds].map((kind) => listed<Source>(client, `sources/${kind}/`)));
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

/** Members of a group are members of its parents, too. */
async function isWithin(client: AuthentikClient, pk: string, ancestor: string): Promise<boolean> {
  const seen = new Set<string>();
  for (let level = [pk]; level.length > 0; ) {
    if (level.includes(ancestor)) return true;
    for (const one of level) seen.add(one);
    const groups = await Promise.all(level.map((one) => undefinedIfMissing(client.groups.get(one))));
    level = groups
      .flatMap((group) => [...(group?.parents ?? []), ...(group?.parent ? [group.parent] : [])])
      .filter((parent) => !seen.has(parent));
  }
  return false;
}

/** The objects of a kind. Empty if this release of authentik has no such kind. */
async function listed<Item>(
  client: AuthentikClient,
  path: string,
  query: Record<string, string> = {},
): Promise<readonly Item[]> {
  try {
    const url = `/api/v3/${path}`;
    return (await client.request<Page<Item>>({ url, params: { ...query, page_size: 100 } })).results;
  } catch (error) {
    if (error instanceof NotFoundError) return [];
    throw error;
  }
}
