import type { AccessGroup } from "../../../components/access/groups";
import type { AuthentikClient } from "../../../providers/authentik/client";
import { isClosing } from "../../../providers/authentik/closingBinding";
import { whatToDoAboutNewName } from "../../../providers/authentik/group";
import type { Group, PolicyBinding } from "../../../providers/authentik/wire";
import { undefinedIfMissing } from "../../../providers/core/gone";
import { authentikOf, providerOf } from "../chain";
import { type Check, fail, pass, type Result, warn } from "../check";
import type { Cluster, RecordedStack } from "../subject";
import { setRight } from "./realm";

/** Who may log in according to authentik. An application without bindings is open to everybody. */
export const accessInAuthentikCheck: Check<Cluster> = {
  name: "Access in authentik",
  needs: ["authentik token", "Realm", "OAuth2 provider"],
  async look(cluster) {
    const slug = cluster.hasRealm ? (await providerOf(cluster))?.assigned_application_slug : undefined;
    if (!slug || cluster.allowEveryone) return undefined;
    const authentik = authentikOf(cluster);
    const { pk: target, policy_engine_mode } = await authentik.applications.get(slug);
    const lasting = (await authentik.policyBindings.list({ target })).filter(
      ({ enabled, expiring }) => enabled && !expiring,
    );
    const bindings = lasting.filter((binding) => !isClosing(binding, cluster.names.closed));
    if (lasting.length === 0) {
      return fail(
        "No binding restricts the application: everybody with an account in authentik may log in.",
        setRight,
      );
    }
    const declared = cluster.groups;
    const groups = await Promise.all(declared.map(({ name }) => groupOf(authentik, name, cluster.made)));
    const faults = [
      ...declared.flatMap((group, index) => whyShutOut(group, groups[index], bindings, cluster.made)),
      ...(policy_engine_mode === "all" && bindings.length > 1
        ? [
            fail(
              "The application requires all of its bindings: only members of all groups may log in.",
              setRight,
            ),
          ]
        : []),
      ...(policy_engine_mode === "any" && bindings.length === lasting.length ? [notKeptClosed] : []),
      ...(cluster.exclusiveAccess ? othersLetIn(bindings, groups) : []),
    ];
    return faults.length > 0
      ? faults
      : pass(`the members of ${declared.map(({ name }) => `"${name}"`).join(", ")} may log in, nobody else`);
  },
};

const notKeptClosed = warn(
  "No binding keeps the application closed: if its groups are deleted, everybody with an account in authentik may log in.",
  "Run `pulumi up --replace '**-only-bindings'`, which adds a binding of an empty group and changes nothing else.",
);

/** Finds the group by its id in the state, even if it was renamed. */
async function groupOf(
  authentik: AuthentikClient,
  name: string,
  { groups }: RecordedStack,
): Promise<Group | undefined> {
  const recorded = groups?.[name];
  const known = recorded && (await undefinedIfMissing(authentik.groups.get(recorded.pk)));
  return known ?? (await authentik.groups.list({ name, include_users: "false" }))[0];
}

function whyShutOut(
  { name }: AccessGroup,
  group: Group | undefined,
  bindings: readonly PolicyBinding[],
  { groups }: RecordedStack,
): Result[] {
  if (group === undefined) return [fail(`authentik has no group "${name}".`, setRight)];
  if (group.name !== name) {
    const reused = groups?.[name]?.reused ?? false;
    return [{ level: "fail", found: whatToDoAboutNewName({ name, reused }, group.name) }];
  }
  const isBound = bindings.some((binding) => binding.group === group.pk && !binding.negate);
  return isBound
    ? []
    : [fail(`The group "${name}" is not bound to the application: its members cannot log in.`, setRight)];
}

function othersLetIn(bindings: readonly PolicyBinding[], groups: readonly (Group | undefined)[]): Result[] {
  const others = bindings.filter(
    (binding) => binding.negate || !groups.some((group) => group?.pk === binding.group),
  );
  if (others.length === 0) return [];
  return [
    warn(
      `The application has ${others.length} more binding${others.length === 1 ? "" : "s"} than \`access\` declares, which let other people log in.`,
      `${setRight} This removes them, unless you declare their groups first.`,
    ),
  ];
}
