import { configKey } from "../../config/schema";
import type { AuthentikClient } from "../../providers/authentik/client";
import { UserError } from "../../providers/core/errors";
import { project } from "../paths";
import { pathsOf } from "../stack/config-paths";
import { accessOf } from "../takeover/access";
import { atTheTop, optionsOf } from "../takeover/config";
import { readHandMade } from "../takeover/hand-made";
import { serversIn } from "../takeover/servers";
import type { Values } from "./values";

/** Single sign-on that was set up by hand, as config values that take it over. */
interface SetUp extends Pick<Values, "plain" | "secret"> {
  readonly description: string;
}

/**
 * The result of `npm run takeover`. Undefined if there is none, or several, or if a server does not answer, which
 * `doctor` explains.
 */
export async function findSetUp(known: Values, authentik?: AuthentikClient): Promise<SetUp | undefined> {
  if (known.plain.deployAuthentik !== "false") return undefined;
  try {
    return await search(known, authentik);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

async function search({ plain, secret }: Values, authentik: AuthentikClient | undefined): Promise<SetUp> {
  const values = Object.entries({ ...plain, ...secret }).map(([key, value]) => [
    key in secret ? configKey(key) : `${project}:${key}`,
    value,
  ]);
  const addresses = Object.keys(plain).filter((key) => key.startsWith("proxmoxAddresses["));
  const config = {
    ...Object.fromEntries(values),
    [`${project}:proxmoxAddresses`]: JSON.stringify(addresses.map((key) => plain[key])),
  };
  const servers = serversIn(config, undefined, authentik);
  const handMade = await readHandMade(servers, undefined);
  const { realmName, application, provider } = handMade;
  const options = atTheTop(optionsOf(handMade, accessOf(handMade).config));
  return {
    description: `Proxmox has the realm "${realmName}", and authentik the application "${application.name}" for it.`,
    plain: Object.assign({}, ...Object.entries(options).map(([key, value]) => pathsOf(key, value))),
    secret: { clientSecret: provider.client_secret },
  };
}
