import type { NewStack } from "./new-stack";

/** Config values and objects to create. */
export type Values = Pick<NewStack, "plain" | "secret" | "made">;

export const nothing: Values = { plain: {}, secret: {}, made: [] };

export function merge(one: Values, other: Values): Values {
  return {
    plain: { ...one.plain, ...other.plain },
    secret: { ...one.secret, ...other.secret },
    made: [...one.made, ...other.made],
  };
}
