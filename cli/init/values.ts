import type { NewStack } from "./new-stack";

/** A part of what is to be set. */
export type Values = Pick<NewStack, "plain" | "secret">;

export const nothing: Values = { plain: {}, secret: {} };

export function merge(one: Values, other: Values): Values {
  return { plain: { ...one.plain, ...other.plain }, secret: { ...one.secret, ...other.secret } };
}
