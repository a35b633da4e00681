import { z } from "zod";
import type { AuthentikClient } from "../../providers/authentik/client";
import { authentikConnection, connectAuthentik } from "../../providers/authentik/connection";
import { whatToDoAboutNewName } from "../../providers/authentik/group";
import { unlessUnknownTarget } from "../../providers/authentik/policyBinding";
import { expandCertificates } from "../../providers/core/certificates";
import type { Credentials } from "../../providers/core/credentials";
import { undefinedIfMissing } from "../../providers/core/gone";
import { ofKind, type StateResource } from "../stack/state";

const inAuthentik = z.looseObject({ authentik: authentikConnection });
const recordedBinding = inAuthentik.extend({
  pk: z.string(),
  target: z.string(),
  group: z.string().optional(),
});
const recordedGroup = inAuthentik.extend({
  pk: z.string(),
  name: z.string(),
  reused: z.boolean().default(false),
});
type RecordedBinding = z.output<typeof recordedBinding>;
type RecordedGroup = z.output<typeof recordedGroup>;

/** Differences between the access in the state and authentik, as sentences with the fix. */
export async function lostAccess(
  state: readonly StateResource[],
  credentials: Credentials,
): Promise<string[]> {
  const bindings = allOf(state, "authentik:PolicyBinding", recordedBinding);
  const groups = allOf(state, "authentik:Group", recordedGroup);
  const clientOf = ({ authentik }: z.output<typeof inAuthentik>) => connectAuthentik(authentik, credentials);
  const targets = new Map(bindings.map((binding) => [binding.target, clientOf(binding)]));
  const lost = await Promise.all([
    ...[...targets].map(([target, client]) =>
      lostBindings(
        client,
        target,
        bindings.filter((binding) => binding.target === target),
        groups,
      ),
    ),
    ...groups.map((group) => changedName(clientOf(group), group)),
  ]);
  return lost.flat();
}

function allOf<Schema extends z.ZodType>(
  state: readonly StateResource[],
  kind: string,
  schema: Schema,
): z.output<Schema>[] {
  return ofKind(state, kind).map(({ inputs, outputs }) =>
    schema.parse(expandCertificates({ ...inputs, ...outputs })),
  );
}

async function lostBindings(
  client: AuthentikClient,
  target: string,
  declared: readonly RecordedBinding[],
  groups: readonly RecordedGroup[],
): Promise<string[]> {
  const existing = await unlessUnknownTarget(client.policyBindings.list({ target }));
  const gone = declared.filter(({ pk }) => !existing.some((binding) => binding.pk === pk && binding.enabled));
  const nameOf = (pk: string | undefined) => groups.find((group) => group.pk === pk)?.name ?? pk;
  return [
    ...(existing.some(({ enabled }) => enabled)
      ? []
      : [`No binding is left: everybody with an account in authentik may log in. ${setRight}`]),
    ...gone.map(
      ({ group }) =>
        `The binding of the group "${nameOf(group)}" is gone: its members cannot log in. ${setRight}`,
    ),
  ];
}

async function changedName(client: AuthentikClient, recorded: RecordedGroup): Promise<string[]> {
  const group = await undefinedIfMissing(client.groups.get(recorded.pk));
  if (group === undefined) return [`The group "${recorded.name}" is gone from authentik. ${setRight}`];
  return group.name === recorded.name ? [] : [whatToDoAboutNewName(recorded, group.name)];
}

const setRight = "Run pulumi up --refresh.";
