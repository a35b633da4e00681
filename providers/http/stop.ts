import { setMaxListeners } from "node:events";

const stop = new AbortController();
setMaxListeners(0, stop.signal);

/** Aborts all running requests, and refuses later ones. */
export function stopRequests(): void {
  stop.abort();
}

/** Aborted when no more requests may be sent. */
export const requestsStop: AbortSignal = stop.signal;
