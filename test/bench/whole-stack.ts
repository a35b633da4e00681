import { DockerLab } from "../e2e/docker-lab";
import { accessOfAdmins } from "../engine/access-config";
import { EmptyStack } from "./empty-stack";
import { type Figures, figuresOf } from "./figures";

export interface Pair {
  readonly preview: Figures;
  readonly floor: Figures;
}

/**
 * Previews without changes of authentik's stack on this machine's Docker with one cluster, as in the lab. Each runs
 * next to its baseline.
 */
export async function measureWholeStack(pairs: number): Promise<{ resources: number; pairs: Pair[] }> {
  const lab = await DockerLab.start({ access: accessOfAdmins });
  const empty = await EmptyStack.create();
  try {
    await lab.stack.up();
    await lab.stack.preview();
    const measured: Pair[] = [];
    for (let count = 0; count < pairs; count += 1) {
      const floor = await empty.measure("preview");
      measured.push({ floor, preview: await figuresOf(() => lab.stack.preview()) });
    }
    const resources = (await lab.stack.resources()).length;
    await lab.stack.destroy();
    return { resources, pairs: measured };
  } finally {
    await empty.remove();
    await lab.remove();
  }
}
