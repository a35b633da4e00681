import { componentSections } from "./components";
import { configSections } from "./config";
import { resourceSections } from "./resources";

const note =
  "<!-- Written by `npm run reference` from the code and its comments: change them, not this file. -->";

const intro = {
  resources:
    "For people who write a Pulumi program of their own ([examples](../../examples/README.md)). This page lists " +
    "every input and output.\n\n" +
    "The preview refuses a value of another type or form. The message names the resource and the input, and has " +
    "the text in *italics*. An input that you omit gets its default. If the table has no default, the server's " +
    "default applies, or nothing is set. Every resource also has the output `revision`, which changes with each " +
    "write to the object.",
  components:
    "For people who write a Pulumi program of their own ([examples](../../examples/README.md)). This page lists " +
    "every argument and output.\n\n" +
    'Import the components from the package: `import { ProxmoxAuthentikSso } from "proxmox-authentik-sso"`.',
  config:
    "For administrators who configure a stack. This page lists every key.\n\n" +
    "Set a key with `pulumi config set`, and a secret with `pulumi config set --secret`. The program reports all " +
    "mistakes at once, before it creates anything. [Access](../access.md) describes the values of `clusters` and " +
    "`access`.",
};

/** The files of docs/reference, by name. */
export function referencePages(): Readonly<Record<string, string>> {
  return {
    "config.md": page("Configuration", intro.config, configSections()),
    "components.md": page("Components", intro.components, componentSections()),
    "authentik.md": page("authentik's resources", intro.resources, resourceSections("authentik")),
    "proxmox.md": page("Proxmox VE's resources", intro.resources, resourceSections("proxmox")),
    "backupServer.md": page("Backup Server's resources", intro.resources, resourceSections("backupServer")),
    "datacenterManager.md": page(
      "Datacenter Manager's resources",
      intro.resources,
      resourceSections("datacenterManager"),
    ),
    "sso.md": page("Shared values and proof", intro.resources, resourceSections("sso")),
  };
}

function page(title: string, introduction: string, sections: string): string {
  return `${note}\n\n# ${title}\n\n${introduction}\n\n${sections}`;
}
