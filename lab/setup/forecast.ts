import { availableParallelism } from "node:os";
import { cacheDir } from "../../cli/paths";
import { defaultImages } from "../../components/images";
import { findEngine, problemWithInstalling } from "../docker/engine";
import { hasImage } from "../images/ensure-image";
import { dockerPluginDownload, hasDockerPlugin } from "../toolchain/docker-plugin";
import { hasPulumi, officialDownload } from "../toolchain/pulumi-cli";
import { wasRefused } from "../toolchain/refused";
import { pulumiHome } from "../toolchain/toolchain";

/** A part of the first start, with its duration in minutes on two cores. */
interface Installation {
  readonly what: string;
  readonly minutes: number;
  /** Whether it compiles, which is faster with more cores. */
  readonly compiles?: boolean;
}

const measuredCores = 2;

/** The parts that this machine still needs for a lab. */
export async function plannedInstallations(): Promise<Installation[]> {
  const planned: Installation[] = [];
  if (!(await hasPulumi())) {
    planned.push(await tool("Pulumi's CLI", officialDownload, { megabytes: 140, minutes: 6 }));
  }
  if (!hasDockerPlugin(pulumiHome)) {
    planned.push(await tool("Pulumi's Docker plugin", dockerPluginDownload, { megabytes: 90, minutes: 6 }));
  }
  return [...planned, ...(await ofDocker())];
}

async function tool(
  name: string,
  download: string,
  built: { megabytes: number; minutes: number },
): Promise<Installation> {
  if (await wasRefused(download)) {
    const what = `${name}, built with Go, as its download was refused: ${built.megabytes} MB`;
    return { what, minutes: built.minutes, compiles: true };
  }
  const otherwise = `if that is refused, it is built with Go, in about ${inMinutes([{ what: "", ...built, compiles: true }])}`;
  return { what: `${name}, downloaded: about ${built.megabytes} MB; ${otherwise}`, minutes: 1 };
}

async function ofDocker(): Promise<Installation[]> {
  const hasEngine = (await findEngine()) !== undefined;
  if (!hasEngine && problemWithInstalling() !== undefined) return [];
  const engine = { what: "Docker, the package docker.io of Debian: about 300 MB", minutes: 0.5 };
  const images = Object.values(defaultImages);
  const present = hasEngine ? await Promise.all(images.map(hasImage)) : [];
  const missing = images.filter((_image, index) => !present[index]);
  const pulled = {
    what: `images: ${missing.join(", ")}: together some 500 MB to download; if that is refused, they are built here`,
    minutes: 2,
  };
  return [...(hasEngine ? [] : [engine]), ...(missing.length > 0 ? [pulled] : [])];
}

/** The message before a first start. Empty if everything exists. */
export function forecastOf(planned: readonly Installation[], cores = availableParallelism()): string {
  if (planned.length === 0) return "";
  const lines = planned.map(({ what }) => `  - ${what}`);
  const time = `About ${inMinutes(planned, cores)} on this machine (${cores === 1 ? "1 core" : `${cores} cores`}), once.`;
  return [`This brings, into ${cacheDir} and Docker:`, ...lines, time].join("\n");
}

function inMinutes(planned: readonly Installation[], cores = availableParallelism()): string {
  const total = planned.reduce(
    (sum, { minutes, compiles }) => sum + (compiles ? (minutes * measuredCores) / cores : minutes),
    0,
  );
  const minutes = Math.max(1, Math.round(total));
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
