import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { keptDir } from "../stack/kept-passphrase";
import { writePrivately } from "../system/private-file";
import type { Answer } from "./answers";

const file = join(keptDir, "init.json");
const kept = z.array(z.object({ to: z.string(), value: z.string(), isSecret: z.literal(false) }));

/** The answers of a stopped `init`, without its secrets. */
export function stoppedAnswers(from = file): Answer[] {
  return existsSync(from) ? answersIn(readFileSync(from, "utf8")) : [];
}

/** A full disk or a crash can leave half a file. */
function answersIn(text: string): Answer[] {
  try {
    return kept.parse(JSON.parse(text));
  } catch {
    return [];
  }
}

export function keepAnswers(answers: readonly Answer[], to = file): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  writePrivately(to, JSON.stringify(answers));
}

export function forgetAnswers(): void {
  rmSync(file, { force: true });
}
