import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateMissingCredentials } from "../../cli/credentials/missing";
import { labPaths } from "../../cli/paths";
import type { SetupContext } from "../setup/context";
import { readConfig, setConfig, type WantedValue } from "./config-values";
import { configureOthers, tokensOfOthers } from "./others";
import { placeOfLab } from "./place";
import { hasBeenUp, type LabPulumi } from "./pulumi";
import { ensureLabSecrets } from "./secrets";

/**
 * Sets credentials and the servers' addresses in the lab's stack config. Returns the keys of generated credentials.
 */
export async function configureLab(pulumi: LabPulumi, context: SetupContext): Promise<string[]> {
  const generated = await generateMissingCredentials((args, input) => pulumi.capture(args, input));
  const config = await readConfig(pulumi);
  refuseOtherKind(config.deployAuthentik === "true", context.docker !== undefined);
  await trustOnProxmox(config.tlsCaCertificate);
  const wanted: WantedValue[] = [
    { key: "deployAuthentik", value: String(context.docker !== undefined), secret: false },
    { key: "proxmoxCa", value: await readFile(labPaths.proxmoxCa, "utf8"), secret: false },
    { key: "proxmoxToken", value: (await ensureLabSecrets()).proxmoxToken, secret: true },
    ...(await tokensOfOthers()),
  ];
  if (!context.docker) {
    const url = `http://localhost:${placeOfLab().authentikHttp}`;
    wanted.push({ key: "authentikUrl", value: url, secret: false });
  }
  await setConfig(pulumi, config, wanted);
  await configureOthers(pulumi, config.clusters);
  return generated;
}

/** A running lab keeps its kind (Docker or local). A change would lose access to its objects. */
function refuseOtherKind(madeOnDocker: boolean, hasDocker: boolean): void {
  if (!hasBeenUp() || madeOnDocker === hasDocker) return;
  throw new Error(
    madeOnDocker
      ? "This lab runs on Docker, which does not answer now. Start Docker, then run this again."
      : "This lab was made without Docker, which answers now. Run `npm run stop` first.",
  );
}

/** Does what a person does on each node with `update-ca-certificates`. */
async function trustOnProxmox(caCertificate: string | undefined): Promise<void> {
  if (!caCertificate)
    throw new Error("The stack's config has no tlsCaCertificate, which Proxmox must trust.");
  await mkdir(labPaths.trust, { recursive: true });
  await writeFile(join(labPaths.trust, "authentik-ca.pem"), caCertificate);
}
