import { authentikOfNovember30, type LoadModel, loadModels } from "../../lab/load";
import { median } from "./figures";
import type { CaseResult, StepResult } from "./measure";
import { openTofuCalls, openTofuStartSeconds } from "./opentofu";
import type { Calls } from "./servers";
import { type Step, steps } from "./steps";

/** A row of the table: a step of a case next to the empty program and OpenTofu. Times are medians. */
export interface Row {
  step: string;
  seconds: number;
  /** Time of the empty program, plus one round trip for each write. */
  floorSeconds: number;
  /** Median of the ratios of a step and its baseline. */
  timesFloor: number;
  cpuSeconds: number;
  peakMebibytes: number;
  /** Reads and writes: the maximum of all runs, because an overloaded server gets retries. */
  authentik: string;
  proxmox: string;
  openTofuCalls?: string;
  /** OpenTofu's start, and the time of its calls under the same load. */
  openTofuSeconds?: number;
  /** The time of the whole command, relative to OpenTofu's. */
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
    floor.seconds +
    callSeconds({ ...calls, authentikReads: 0, proxmoxReads: 0 }, step.openTofu === "destroy") * load;
  const other = step.openTofu && !access ? openTofuCalls(step.openTofu, clusters) : undefined;
  const deletes = step.openTofu === "destroy";
  const otherSeconds =
    other && load > 0 ? openTofuStartSeconds + callSeconds(other, deletes) * load : undefined;
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
      ofOpenTofu: middle(({ seconds }) => seconds / otherSeconds),
    }),
  };
}

/** Time of calls at a load of 1. Two servers work in parallel, so the slower one decides. */
function callSeconds(calls: Calls, deletes: boolean): number {
  const write = deletes ? "DELETE" : "POST";
  const time = (model: LoadModel, method: string) => model.milliseconds({ method, path: "" }) / 1000;
  const [authentik, { proxmox }] = [authentikOfNovember30, loadModels];
  return Math.max(
    calls.authentikReads * time(authentik, "GET") + calls.authentikWrites * time(authentik, write),
    calls.proxmoxReads * time(proxmox, "GET") + calls.proxmoxWrites * time(proxmox, write),
  );
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
