import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import ts from "typescript";
import { projectRoot } from "../../cli/paths";
import { linkDependencies, pack, unpack } from "./packed";

const program = `import * as pulumi from "@pulumi/pulumi";
import { Application, authentik, OpenIdRealm, proxmox, SsoProvider, type OpenIdRealmArgs } from "proxmox-authentik-sso";

declare const yes: pulumi.Output<boolean>;
declare const perhaps: pulumi.Output<string | undefined>;
declare const text: pulumi.Output<string>;
declare const mode: pulumi.Output<"any" | "all">;
declare const onDelete: pulumi.Output<"keep" | "remove" | "refuse">;
declare const number: pulumi.Output<number>;
declare const list: pulumi.Output<string[]>;

const provider = new SsoProvider();
const connection = { url: text, caCertificate: perhaps, tokenConfigKey: "proxmoxToken" };
const args: OpenIdRealmArgs = {
  proxmox: connection,
  realm: "authentik",
  issuerUrl: text,
  clientId: text,
  clientKey: perhaps,
  autocreate: yes,
  groupsClaim: perhaps,
  queryUserinfo: yes.apply((value): boolean | undefined => value),
  usersOnDelete: onDelete,
};
new OpenIdRealm("realm", args, { provider });
new OpenIdRealm("whole", { ...args, proxmox: pulumi.output(connection) });
new Application("application", {
  authentik: pulumi.output({ url: "https://auth.example.com", tokenConfigKey: perhaps }),
  name: text,
  slug: text,
  provider: number,
  backchannelProviders: [number, 2],
  openInNewTab: yes,
  description: perhaps,
  policyEngineMode: mode,
});
new proxmox.Acl("acl", { proxmox: connection, path: "/", role: text, groups: list, users: [text] });
new authentik.Group("group", { authentik: { url: text }, name: text });

// @ts-expect-error a number is no flag
new OpenIdRealm("wrong", { ...args, autocreate: number });
// @ts-expect-error there is no such option
new OpenIdRealm("unknown", { ...args, groupClaim: "groups" });
// @ts-expect-error the realm needs a name
new OpenIdRealm("nameless", { proxmox: connection, issuerUrl: text, clientId: text });
// @ts-expect-error another choice
new OpenIdRealm("choice", { ...args, usersOnDelete: "forget" });
`;

const used = `import { OpenIdRealm } from "proxmox-authentik-sso";
new OpenIdRealm("realm", {
  proxmox: { url: "https://pve.example.com:8006", tokenConfigKey: "proxmoxToken" },
  realm: "authentik",
  issuerUrl: "https://auth.example.com/application/o/proxmox/",
  clientId: "client",
  groupsClaim: "groups",
  autocreate: true,
});
`;

describe("the packed package in an editor, with strict types", () => {
  let folder: string;
  let file: string;
  let shown: string;
  let service: ts.LanguageService;
  const programs = readdirSync(join(projectRoot, "examples")).filter((name) =>
    existsSync(join(projectRoot, "examples", name, "index.ts")),
  );

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "engine-types-"));
    await unpack(await pack(folder), join(folder, "node_modules", "proxmox-authentik-sso"));
    await linkDependencies(folder, "@types/node");
    file = join(folder, "program.ts");
    await writeFile(file, program);
    shown = join(folder, "shown.ts");
    await writeFile(shown, used);
    for (const name of programs) {
      cpSync(join(projectRoot, "examples", name), join(folder, name), { recursive: true });
      await symlink(join(folder, "node_modules"), join(folder, name, "node_modules"), "junction");
    }
    const files = [file, shown, ...programs.map((name) => join(folder, name, "index.ts"))];
    const { config } = ts.readConfigFile(join(folder, programs[0] ?? "", "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
    assert.equal(options.strict, true);
    service = ts.createLanguageService({
      getCompilationSettings: () => ({ ...options, noEmit: true }),
      getScriptFileNames: () => files,
      getScriptVersion: () => "1",
      getScriptSnapshot: (name) => {
        const text = ts.sys.readFile(name);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => folder,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
    });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  function mistakesIn(path: string): string[] {
    return [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)].map(
      ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"),
    );
  }

  it("accepts outputs for a whole union, and refuses wrong values", () => {
    assert.deepEqual(mistakesIn(file), []);
  });

  for (const name of programs) {
    it(`compiles examples/${name}`, () => {
      assert.deepEqual(mistakesIn(join(folder, name, "index.ts")), []);
    });
  }

  const hovers: Record<string, RegExp> = {
    groupsClaim: /The claim with the user's groups.*@since Proxmox VE 8\.4/,
    autocreate: /Create Proxmox users at their first login\..*@default `true`/,
    tokenConfigKey: /stack config key.*@default `proxmoxToken`/,
    issuerUrl: /issuer in authentik's discovery document.*256 characters/,
  };
  for (const [input, text] of Object.entries(hovers)) {
    it(`shows the description of ${input}`, () => {
      assert.match(hover(input), text);
    });
  }

  it("shows the description of each input of every resource", () => {
    const silent: string[] = [];
    const checker = service.getProgram()?.getTypeChecker();
    for (const source of service.getProgram()?.getSourceFiles() ?? []) {
      if (!/proxmox-authentik-sso\/dist\/providers\/\w+\/args\//.test(source.fileName)) continue;
      source.forEachChild(function visit(node) {
        if (ts.isPropertySignature(node)) {
          const symbol = checker?.getSymbolAtLocation(node.name);
          if (!symbol?.getDocumentationComment(checker).length) silent.push(node.getText());
        }
        node.forEachChild(visit);
      });
    }
    assert.deepEqual(silent, []);
  });

  function hover(input: string): string {
    const info = service.getQuickInfoAtPosition(shown, used.lastIndexOf(`${input}:`));
    const tags = info?.tags?.map(({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`) ?? [];
    return [ts.displayPartsToString(info?.documentation), ...tags].join(" ").replaceAll("\n", " ");
  }
});
