import { allGroupsOf, groupsOf } from "../kinds/user";
import { integerOf, isDocument, type Lab, listOf, textOf } from "../lab";
import type { Document, Json } from "../store/store";
import { claimNames, type ExpressionUser, evaluateExpression, type Value } from "./expression";

/** The subject of a user at a provider. */

export function subjectOf(provider: Document, user: Document): string {
  switch (provider.sub_mode) {
    case "user_id":
      return String(integerOf(user, "pk"));
    case "user_uuid":
      return textOf(user, "uuid");
    case "user_username":
      return textOf(user, "username");
    case "user_email":
      return textOf(user, "email");
    case "user_upn": {
      const upn = isDocument(user.attributes) ? user.attributes.upn : undefined;
      return typeof upn === "string" ? upn : textOf(user, "uid");
    }
    default:
      return textOf(user, "uid");
  }
}

/** The provider's mappings for the given scopes, or all, in merge order. */
export async function mappingsOf(lab: Lab, provider: Document, scopes?: string[]): Promise<Document[]> {
  const chosen = listOf(provider, "property_mappings");
  const mappings = await lab.store.list("scope_mapping");
  return mappings
    .filter((mapping) => chosen.includes(mapping.pk ?? null))
    .filter((mapping) => !scopes || scopes.includes(textOf(mapping, "scope_name")))
    .sort((left, right) => (textOf(left, "scope_name") < textOf(right, "scope_name") ? -1 : 1));
}

export async function claimsOf(
  lab: Lab,
  provider: Document,
  user: Document,
  scopes: string[],
): Promise<Document> {
  const facts = await expressionUser(lab, user);
  let claims: Document = {};
  for (const mapping of await mappingsOf(lab, provider, scopes)) {
    if (!isSimulated(mapping)) continue;
    const value = evaluateExpression(textOf(mapping, "expression"), facts);
    if (isDocument(value)) claims = merge(claims, value);
  }
  return claims;
}

export async function claimsSupported(lab: Lab, provider: Document): Promise<string[]> {
  const mappings = (await mappingsOf(lab, provider)).filter(isSimulated);
  return mappings.flatMap((mapping) => claimNames(textOf(mapping, "expression")));
}

/** Two of authentik's mappings use Python that the simulator cannot evaluate. They add no claim here. */
function isSimulated(mapping: Document): boolean {
  return !["ak_proxy", "entitlements"].includes(textOf(mapping, "scope_name")) || mapping.managed === null;
}

async function expressionUser(lab: Lab, user: Document): Promise<ExpressionUser> {
  const { username, name, email, uid, uuid, pk, attributes, path, is_active } = user;
  const groups = await groupsOf(user, { lab });
  const allGroups = await allGroupsOf(user, { lab });
  return {
    attributes: valuesOf({ username, name, email, uid, uuid, pk, attributes, path, is_active }),
    groups: groups.map((group) => textOf(group, "name")),
    allGroups: allGroups.map((group) => textOf(group, "name")),
    groupsBehind: lab.profile.name === "2026.5" ? ["groups", "ak_groups"] : ["ak_groups"],
  };
}

function valuesOf(fields: { [name: string]: Json | undefined }): { [name: string]: Value } {
  const values: { [name: string]: Value } = {};
  for (const [name, value] of Object.entries(fields)) values[name] = value ?? null;
  return values;
}

/** Lists of the same name are joined, so a second groups mapping causes duplicates. */
function merge(left: Document, right: Document): Document {
  const merged = { ...left };
  for (const [name, value] of Object.entries(right)) {
    const before = merged[name];
    if (Array.isArray(before) && Array.isArray(value)) merged[name] = [...before, ...value];
    else if (isDocument(before) && isDocument(value)) merged[name] = merge(before, value);
    else merged[name] = value;
  }
  return merged;
}
