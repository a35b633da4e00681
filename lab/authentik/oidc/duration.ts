const SECONDS: Record<string, number> = {
  microseconds: 0.000001,
  milliseconds: 0.001,
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
  weeks: 604_800,
};

/** Parses authentik's `hours=1;minutes=30`. */
export function durationSeconds(text: string): number {
  let total = 0;
  for (const part of text.split(";").filter((entry) => entry.trim() !== "")) {
    const [unit = "", amount = ""] = part.trim().split("=");
    total += (SECONDS[unit] ?? 0) * Number(amount);
  }
  return total;
}
