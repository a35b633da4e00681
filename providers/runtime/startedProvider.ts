import { SsoProvider } from "../core/ssoProvider";

/** The program's plugin. `program.cjs` loads this file first, so the plugin starts while the program loads. */
export const startedProvider = new SsoProvider();
