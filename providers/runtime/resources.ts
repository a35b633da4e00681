/** What `dynamic.cjs` loads into the plugin. */
export { providerFor } from "../registry";
export { prepareOwnPlugin, stopWithTheEngine } from "./engine";
