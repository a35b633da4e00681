import type { NewStack } from "./new-stack";

/** A part of what is to be set and made. */
export type Values = Pick<NewStack, "plain" | "secret" | "made">;

export const nothing: Values = { plain: {}, secret: {}, made: [] };

export function merge(one: Values, other: Values): Values {
  return {
    plain: { ...one.plain, ...other.plain },
    secret: { ...one.secret, ...other.secret },
    made: [...one.made, ...other.made],
  };
}
