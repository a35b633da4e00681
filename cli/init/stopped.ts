import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { keptDir } from "../stack/kept-passphrase";
import type { Answer } from "./answers";

const file = join(keptDir, "init.json");
const kept = z.array(z.object({ to: z.string(), value: z.string(), isSecret: z.literal(false) }));

/** The answers of a stopped `init`, without its secrets. */
export function stoppedAnswers(): Answer[] {
  if (!existsSync(file)) return [];
  const read = kept.safeParse(JSON.parse(readFileSync(file, "utf8")));
  return read.success ? read.data : [];
}

export function keepAnswers(answers: readonly Answer[]): void {
  mkdirSync(keptDir, { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(answers), { mode: 0o600 });
}

export function forgetAnswers(): void {
  rmSync(file, { force: true });
}
