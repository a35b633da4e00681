import { SsoProvider } from "../core/ssoProvider";

/** The program's own plugin. `program.cjs` loads this file first: the plugin then starts while the program still loads. */
export const startedProvider = new SsoProvider();
