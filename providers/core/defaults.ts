import type { z } from "zod";

/** Fills missing properties with the schema's defaults. The state of an older version may lack inputs. */
export function withDefaults(
  schema: z.ZodObject,
  properties: Record<string, unknown>,
): Record<string, unknown> {
  const complete = { ...properties };
  for (const [key, input] of Object.entries(schema.shape)) {
    if (complete[key] !== undefined) continue;
    const absent = (input as z.ZodType).safeParse(undefined);
    if (absent.success && absent.data !== undefined) complete[key] = absent.data;
  }
  return complete;
}
