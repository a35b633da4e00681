import { z } from "zod";

/** Where the bench's servers are, for its program. */
export const benchServers = z.object({
  authentik: z.string(),
  clusters: z.array(z.object({ url: z.string(), ca: z.string() })),
});
