import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { version } from "../../package.json";
import { addOperatorsCommands } from "../operators-commands";
import { packageRoot } from "../paths";

const index = `// The program of the package, driven by the config of the stack. Resources of your own can follow: the package's
// README and docs/reference/components.md have its components.
export * from "proxmox-authentik-sso/program";
`;

const tsconfig = {
  compilerOptions: {
    target: "ES2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    skipLibCheck: true,
  },
};

/** `pulumi new` reads the file before npm installs the package, and fails if a plugin in it is missing. */
const plugin = `plugins:
  providers:
    # Runs the resources, as Pulumi's own plugin does, which starts more slowly.
    - name: pulumi-nodejs
      path: node_modules/proxmox-authentik-sso/plugin
`;

/** The questions of `pulumi new` for a template. */
const template = `template:
  description: Single sign-on for Proxmox VE through authentik
  config:
    authentikUrl:
      description: authentik's address, as people and Proxmox will open it
    deployAuthentik:
      description: "true: run authentik on Docker; false: use the one at that address"
      default: "true"
    pulumi-nodejs:proxmoxToken:
      description: API token for Proxmox, user@realm!name=secret
      secret: true
`;

/** The files of a new project, or of a template for `pulumi new`, by path. */
export function filesOf(packageSpec: string | undefined, isTemplate: boolean): Record<string, string> {
  return {
    "Pulumi.yaml": projectFile(isTemplate),
    "index.ts": index,
    "package.json": json(manifest(packageSpec ?? `^${version}`)),
    "tsconfig.json": json(tsconfig),
    ".gitignore": ["node_modules/", ".sso/", "*.dump", "*.dump.partial", ""].join("\n"),
  };
}

/** The package's own Pulumi.yaml, which describes each config key, without the settings of a working copy. */
function projectFile(isTemplate: boolean): string {
  const own = readFileSync(join(packageRoot, "Pulumi.yaml"), "utf8");
  const config = own.slice(own.indexOf("# These credentials stand"));
  const start = `name: proxmox-authentik-sso
description: Single sign-on for Proxmox VE through authentik
runtime: nodejs
`;
  return start + (isTemplate ? template : plugin) + config;
}

function manifest(packageSpec: string) {
  return {
    name: "proxmox-sso",
    private: true,
    main: "index.ts",
    scripts: Object.fromEntries(commands().map((name) => [name, `proxmox-authentik-sso ${name}`])),
    dependencies: { "@pulumi/pulumi": "^3.270.0", "proxmox-authentik-sso": packageSpec },
    devDependencies: { "@types/node": "^20.19.43", typescript: "5.9" },
  };
}

function commands(): string[] {
  const program = new Command();
  addOperatorsCommands(program);
  return program.commands.map((command) => command.name());
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
