import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot } from "../../cli/paths";
import { argumentFiles } from "./interfaces";
import { referencePages } from "./pages";

const folder = join(projectRoot, "docs", "reference");
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(referencePages())) writeFileSync(join(folder, name), text);

for (const [path, text] of Object.entries(argumentFiles())) {
  const file = join(projectRoot, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
