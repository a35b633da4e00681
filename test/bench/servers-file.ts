import { z } from "zod";

/** Addresses of the benchmark's servers, for its program. */
export const benchServers = z.object({
  authentik: z.string(),
  clusters: z.array(z.object({ url: z.string(), ca: z.string() })),
});
