import { stringify } from "yaml";
import { project } from "../paths";
import type { RunPulumi } from "../stack/stack-in-question";
import { configValuesOf } from "../stack/state";
import { accessOf } from "../takeover/access";
import { changesOf } from "../takeover/changes";
import { asArguments, atTheTop, optionsOf } from "../takeover/config";
import { faultsOf } from "../takeover/faults";
import { readHandMade } from "../takeover/hand-made";
import { serversIn } from "../takeover/servers";

export interface TakeoverOptions {
  realm?: string;
  /** An entry of `clusters`. If omitted, the Proxmox of the top-level keys. */
  cluster?: string;
  write?: boolean;
}

/** Prints or writes the config that takes over an existing set-up. Changes no server. */
export async function takeover(
  pulumi: RunPulumi,
  { realm, cluster, write }: TakeoverOptions,
): Promise<number> {
  const servers = serversIn(await configValuesOf(pulumi), cluster);
  const handMade = await readHandMade(servers, realm);
  const { application, provider } = handMade;
  const access = accessOf(handMade);
  const options = optionsOf(handMade, access.config);
  const at = cluster === undefined ? "" : `clusters.${cluster}.`;

  comment(
    `Found: the realm "${handMade.realmName}" on Proxmox and the application "${application.name}" in authentik.`,
  );
  const config =
    cluster === undefined ? atTheTop(options) : { adopt: true, clusters: { [cluster]: options } };
  if (write) {
    await pulumi(["config", "set-all", ...asArguments(config)]);
    // Through standard input, because every user of the machine can see arguments.
    await pulumi(["config", "set", "--secret", "--path", `${at}clientSecret`], provider.client_secret);
    comment("Written to the stack's config, with the client secret encrypted:");
    console.log(yaml(config));
  } else {
    comment(
      "For the stack's config file, below `config:`",
      ...(cluster === undefined
        ? []
        : [`Keep the existing options of \`clusters.${cluster}\`, and add these.`]),
    );
    console.log(yaml(config));
    comment(
      "And the current client secret (in authentik: Applications > Providers, Edit):",
      `  pulumi config set --secret --path ${at}clientSecret`,
      "Or run this command with --write, which sets all of it",
    );
  }
  list(
    "What the first `pulumi up` changes on the servers",
    await changesOf(handMade, access.config.access !== undefined, servers),
  );
  list("Check this first", [...(await faultsOf(handMade, servers)), ...access.notes]);
  comment("", "Then run pulumi up. After that, remove `adopt`.");
  return 0;
}

/** As a comment, so the whole output can be appended to a config file. */
function comment(...lines: string[]): void {
  for (const line of lines) console.log(`# ${line}`.trimEnd());
}

function list(title: string, items: readonly string[]): void {
  if (items.length > 0) comment("", title, ...items.map((item) => `  - ${item}`));
}

function yaml(config: Record<string, unknown>): string {
  const named = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [`${project}:${key}`, value]),
  );
  return stringify(named, { lineWidth: 0 }).trimEnd().replace(/^/gm, "  ");
}
