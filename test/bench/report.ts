import { loadModels } from "../../lab/load";
import { median } from "./figures";
import type { CaseResult, StepResult } from "./measure";
import { openTofuCalls } from "./opentofu";
import type { Calls } from "./servers";
import { type Step, steps } from "./steps";

/** One line of the table: a step of one case beside its floor and OpenTofu. Times are medians of the runs. */
export interface Row {
  step: string;
  seconds: number;
  /** The empty program, and one round trip for each needed write. */
  floorSeconds: number;
  /** Of the pairs of one step and its floor. */
  timesFloor: number;
  cpuSeconds: number;
  peakMebibytes: number;
  /** Reads and writes; the most of all runs, since an overloaded server is asked again. */
  authentik: string;
  proxmox: string;
  openTofuCalls?: string;
  /** What those calls take under the same load. */
  openTofuSeconds?: number;
  /** Of that, our time without what the empty program takes; OpenTofu's own start is not counted either. */
  ofOpenTofu?: number;
}

/** @param runs of one case */
export function rowsOf(runs: readonly CaseResult[]): Row[] {
  return steps.map((step) => {
    const measured = runs.flatMap((run) => run.steps.filter((result) => result.step === step.name));
    const [first] = runs;
    if (!first) throw new Error("No run.");
    return rowOf(step, measured, first);
  });
}

function rowOf(step: Step, measured: StepResult[], { clusters, load, access }: CaseResult): Row {
  const middle = (figure: (result: StepResult) => number) => round(median(measured.map(figure)));
  const most = (calls: keyof Calls) => Math.max(...measured.map((result) => result.calls[calls]));
  const floor = ({ floor, calls }: StepResult) =>
    floor.seconds + callSeconds({ ...calls, authentikReads: 0, proxmoxReads: 0 }) * load;
  const other = step.openTofu && !access ? openTofuCalls(step.openTofu, clusters) : undefined;
  const otherSeconds = other && load > 0 ? callSeconds(other) * load : undefined;
  return {
    step: step.name,
    seconds: middle(({ seconds }) => seconds),
    floorSeconds: middle(floor),
    timesFloor: middle((result) => result.seconds / floor(result)),
    cpuSeconds: middle(({ cpuSeconds }) => cpuSeconds),
    peakMebibytes: Math.round(Math.max(...measured.map(({ peakMebibytes }) => peakMebibytes))),
    authentik: `${most("authentikReads")} + ${most("authentikWrites")}`,
    proxmox: `${most("proxmoxReads")} + ${most("proxmoxWrites")}`,
    ...(other && {
      openTofuCalls: `${other.authentikReads + other.authentikWrites}, ${other.proxmoxReads + other.proxmoxWrites}`,
    }),
    ...(otherSeconds && {
      openTofuSeconds: round(otherSeconds),
      ofOpenTofu: middle(({ seconds, floor: empty }) => Math.max(0, seconds - empty.seconds) / otherSeconds),
    }),
  };
}

/** What calls take at a load of 1. The slower of two servers that work at the same time counts. */
function callSeconds(calls: Calls): number {
  const { authentik, proxmox } = loadModels;
  const time = (model: typeof authentik | typeof proxmox, method: string) =>
    model.milliseconds({ method, path: "" }) / 1000;
  return Math.max(
    calls.authentikReads * time(authentik, "GET") + calls.authentikWrites * time(authentik, "POST"),
    calls.proxmoxReads * time(proxmox, "GET") + calls.proxmoxWrites * time(proxmox, "POST"),
  );
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
