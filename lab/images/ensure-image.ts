import { capture } from "../../cli/system/process";
import { watched } from "../setup/watched";
import { tryDownload } from "../toolchain/refused";
import { ensureDebianBase } from "./debian-base";
import { buildStandIn, contentHash, contentLabel, type StandIn } from "./stand-in";

const answerLimitMs = 20_000;
/** Docker prints a line after each layer, and authentik's largest layer has about 400 MB. */
const idleMs = 20 * 60_000;

type Say = (text: string) => void;

/** `real` was pulled or belongs to the user. `kept` and `made` are replacements by the lab. */
export type ImageOrigin = "real" | "kept" | "made";

/** Makes sure that Docker has an image: an existing one, a pulled one, or a local build. */
export async function ensureImage(
  image: string,
  standIn: () => Promise<StandIn>,
  say: Say,
): Promise<ImageOrigin> {
  const present = await contentOf(image);
  if (present === "") return "real";
  if (present === undefined && (await pull(image, say))) return "real";
  const base = await ensureDebianBase(say);
  const recipe = await standIn();
  const wanted = await contentHash(recipe, base);
  if (present === wanted) return "kept";
  say(`making ${image} locally: ${recipe.description}`);
  await buildStandIn(image, recipe, base, wanted);
  return "made";
}

export async function hasImage(image: string): Promise<boolean> {
  return (await contentOf(image)) !== undefined;
}

/** The content label of a replacement image, empty for other images. Undefined if Docker lacks the image. */
async function contentOf(image: string): Promise<string | undefined> {
  const format = `{{index .Config.Labels "${contentLabel}"}}`;
  try {
    return (
      await capture("docker", ["image", "inspect", "--format", format, image], { timeoutMs: 30_000 })
    ).trim();
  } catch {
    return undefined;
  }
}

/** Requests the manifest first, which detects a dead registry sooner than a pull. */
function pull(image: string, say: Say): Promise<boolean> {
  return tryDownload(image, say, async () => {
    await capture("docker", ["manifest", "inspect", image], { timeoutMs: answerLimitMs });
    await watched("docker", ["pull", image], { idleMs, onLine: layersOf(image, say) });
  });
}

/** Reports how many layers of an image are complete. */
export function layersOf(image: string, say: Say): (line: string) => void {
  const all = new Set<string>();
  const there = new Set<string>();
  return (line) => {
    const [, layer, what] = /^([0-9a-f]{12}): (.+)$/.exec(line) ?? [];
    if (layer === undefined || what === undefined) return;
    all.add(layer);
    if (/^(Pull complete|Already exists)/.test(what)) {
      there.add(layer);
      say(`downloading ${image}: ${there.size} of ${all.size} layers`);
    }
  };
}
