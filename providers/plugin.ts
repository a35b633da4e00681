/** What `dynamic.cjs` loads into the plugin. */
export { preparePlugin } from "./core/plugin";
export { providerFor } from "./registry";
