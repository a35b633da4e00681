import { componentSections } from "./components";
import { configSections } from "./config";
import { resourceSections } from "./resources";

const note =
  "<!-- Written by `npm run reference` from the code and its comments: change them, not this file. -->";

const intro = {
  resources:
    "The preview refuses a value of another type or form, with the resource, the input and the text in *italics*. " +
    "Inputs that you omit get the default. Without a default, the server's applies, or nothing is set. " +
    "Every resource also has the output `revision`, which changes with each write to the object.",
  components:
    '`import { ProxmoxAuthentikSso } from "proxmox-authentik-sso"`; programs that use them: [examples](../../examples/README.md).',
  config:
    "`pulumi config set` sets them, secrets with `--secret`. All mistakes are reported at once, before " +
    "anything is made. What `clusters` and `access` take: [access](../access.md).",
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
