/** The module that `dynamic.cjs` loads in the plugin. */
export { providerFor } from "../registry";
export { prepareOwnPlugin, stopWithTheEngine } from "./engine";
