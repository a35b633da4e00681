import { capture } from "../../cli/process";
import { watched } from "../../cli/watched";
import { tryDownload } from "../toolchain/refused";
import { ensureDebianBase } from "./debian-base";
import { buildStandIn, contentHash, contentLabel, type StandIn } from "./stand-in";

const answerLimitMs = 20_000;
/** Docker prints a line as each layer is there, and the largest one of authentik has some 400 MB. */
const idleMs = 20 * 60_000;

type Say = (text: string) => void;

/** `real` was pulled or is the user's own; `kept` and `made` are our stand-ins. */
export type ImageOrigin = "real" | "kept" | "made";

/** Makes sure that an image is in Docker: there already, pulled, or made locally. */
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

/** The content label of our stand-ins, empty for other images, undefined if Docker has no such image. */
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

/** Asks for the manifest first: a registry that does not answer is noticed sooner than by a pull. */
function pull(image: string, say: Say): Promise<boolean> {
  return tryDownload(image, say, async () => {
    await capture("docker", ["manifest", "inspect", image], { timeoutMs: answerLimitMs });
    await watched("docker", ["pull", image], { idleMs, onLine: layersOf(image, say) });
  });
}

/** Says how many of an image's layers are there. */
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
