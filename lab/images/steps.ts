import type { ListrTask } from "listr2";
import { defaultImages } from "../../components/images";
import type { SetupContext } from "../setup/context";
import { ensureImage, type ImageOrigin } from "./ensure-image";
import { standIns } from "./stand-ins";

const originTexts: Record<ImageOrigin, string> = {
  real: "the real one",
  kept: "local stand-in",
  made: "local stand-in, made now",
};

export const imageSteps: ListrTask<SetupContext>[] = (["postgres", "redis", "authentik"] as const).map(
  (name) => ({
    title: `Image ${defaultImages[name]}`,
    skip: (context) => (context.docker ? false : "no Docker"),
    task: async (_context, task) => {
      const origin = await ensureImage(defaultImages[name], standIns[name], (text) => {
        task.output = text;
      });
      task.title = `Image ${defaultImages[name]} (${originTexts[origin]})`;
    },
  }),
);
