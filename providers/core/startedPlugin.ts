import { ResourceProvider } from "./resourceProvider";

/** The program's own plugin. `load.cjs` loads this file first: the plugin then starts while the program still loads. */
export const startedPlugin = new ResourceProvider();
