import { setMaxListeners } from "node:events";

const stop = new AbortController();
setMaxListeners(0, stop.signal);

/** Ends every request under way, and refuses every later one. */
export function stopRequests(): void {
  stop.abort();
}

/** Aborted once no request may be sent any more. */
export const requestsStop: AbortSignal = stop.signal;
