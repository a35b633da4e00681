import { Failure } from "../errors";
import type { Property } from "../http/schema";
import { privileges } from "./roles";

const realmName = /^[A-Za-z][A-Za-z0-9.\-_]+$/;
const simpleName = /^[A-Za-z0-9.\-_]+$/;
const userId = /^([^\s:/]+)@([A-Za-z][A-Za-z0-9.\-_]+)$/;
const tokenId = /^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+![A-Za-z][A-Za-z0-9.\-_]+$/;

export function splitList(text: string): string[] {
  return text.split(/[,;\s]+/).filter((item) => item !== "");
}

/** Why a user ID is invalid. Undefined if it is valid. */
export function userIdProblem(id: string): string | undefined {
  if (id.length < 3) return `user name '${id}' is too short`;
  if (id.length > 64) return `user name '${id}' is too long (${id.length} > 64)`;
  if (!userId.test(id)) return `value '${id}' does not look like a valid user name`;
  return undefined;
}

export function realmOfUser(id: string): string {
  const match = userId.exec(id);
  if (match?.[2] === undefined) throw new Failure(`value '${id}' does not look like a valid user name`);
  return match[2];
}

export function isGroupName(name: string): boolean {
  return simpleName.test(name);
}

function groupProblem(name: string): string | undefined {
  return isGroupName(name) ? undefined : `group name '${name}' contains invalid characters`;
}

function roleProblem(name: string): string | undefined {
  return simpleName.test(name) ? undefined : `role name '${name}' contains invalid characters`;
}

function eachItem(problem: (item: string) => string | undefined): (list: string) => string | undefined {
  return (list) =>
    splitList(list)
      .map(problem)
      .find((text) => text !== undefined);
}

export const realmParameter: Property = {
  type: "string",
  maxLength: 32,
  format: (value) => (realmName.test(value) ? undefined : "value does not look like a valid realm"),
};
export const userParameter: Property = { type: "string", maxLength: 64, format: userIdProblem };
export const groupParameter: Property = { type: "string", format: groupProblem };
export const roleParameter: Property = { type: "string", format: roleProblem };
export const tokenNameParameter: Property = { type: "string", pattern: /^[A-Za-z][A-Za-z0-9.\-_]+$/ };
export const boolean: Property = { type: "boolean", optional: true };

export const userList: Property = listOf(userIdProblem);
export const groupList: Property = listOf(groupProblem);
export const roleList: Property = listOf(roleProblem);
export const tokenList: Property = listOf((id) =>
  tokenId.test(id) ? undefined : `value '${id}' does not look like a valid token ID`,
);
export const privilegeList: Property = listOf((name) =>
  privileges.has(name) ? undefined : `invalid privilege '${name}'`,
);
export const optionNameList: Property = listOf((name) =>
  /^[a-z][a-z0-9_-]+$/i.test(name) ? undefined : `invalid configuration ID '${name}'`,
);

function listOf(problem: (item: string) => string | undefined): Property {
  return { type: "string", list: true, format: eachItem(problem) };
}

export function optional(property: Property): Property {
  return { ...property, optional: true };
}

export function text(maxLength?: number): Property {
  return { type: "string", ...(maxLength === undefined ? {} : { maxLength }) };
}

export function isEmailOrEmpty(value: string): string | undefined {
  return value === "" || /^[^\s@]+@[^\s@]+\.?[^\s@]*$/.test(value)
    ? undefined
    : "value does not look like a valid email address";
}
