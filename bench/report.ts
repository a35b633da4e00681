import { loadModels } from "../lab/load";
import type { CaseResult, Figures, StepResult } from "./measure";
import { openTofuCalls } from "./opentofu";
import type { Calls } from "./servers";
import { type Step, steps } from "./steps";

export type Floor = Record<Step["floor"], Figures>;

/** One line of the table: a step of one case beside its floor and OpenTofu. */
export interface Row {
  step: string;
  seconds: number;
  /** The empty program, and one round trip for each needed write. */
  floorSeconds: number;
  timesFloor: number;
  cpuSeconds: number;
  peakMebibytes: number;
  /** Reads and writes. */
  authentik: string;
  proxmox: string;
  openTofuCalls?: string;
  /** What those calls take under the same load. */
  openTofuSeconds?: number;
  /** Of that, our time without what the empty program takes; OpenTofu's own start is not counted either. */
  ofOpenTofu?: number;
}

export function rowsOf(result: CaseResult, floor: Floor): Row[] {
  return result.steps.flatMap((measured) => {
    const step = steps.find(({ name }) => name === measured.step);
    return step ? [rowOf(step, measured, result, floor[step.floor])] : [];
  });
}

function rowOf(
  step: Step,
  measured: StepResult,
  { clusters, load, access }: CaseResult,
  empty: Figures,
): Row {
  const { calls, seconds } = measured;
  const writes = { ...calls, authentikReads: 0, proxmoxReads: 0 };
  const floorSeconds = empty.seconds + callSeconds(writes) * load;
  const other = step.openTofu && !access ? openTofuCalls(step.openTofu, clusters) : undefined;
  const otherSeconds = other && load > 0 ? callSeconds(other) * load : undefined;
  return {
    step: step.name,
    seconds: round(seconds),
    floorSeconds: round(floorSeconds),
    timesFloor: round(seconds / floorSeconds),
    cpuSeconds: round(measured.cpuSeconds),
    peakMebibytes: Math.round(measured.peakMebibytes),
    authentik: `${calls.authentikReads} + ${calls.authentikWrites}`,
    proxmox: `${calls.proxmoxReads} + ${calls.proxmoxWrites}`,
    ...(other && {
      openTofuCalls: `${other.authentikReads + other.authentikWrites}, ${other.proxmoxReads + other.proxmoxWrites}`,
    }),
    ...(otherSeconds && {
      openTofuSeconds: round(otherSeconds),
      ofOpenTofu: round(Math.max(0, seconds - empty.seconds) / otherSeconds),
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
