import { styleText } from "node:util";
import type { Finding, Level } from "./check";

const marks = {
  pass: { text: "pass", colour: "green" },
  warn: { text: "warn", colour: "yellow" },
  fail: { text: "FAIL", colour: "red" },
  skip: { text: "skip", colour: "gray" },
} as const;

/** A line for each finding, followed by the advice, grouped by cluster. The last line has the totals. */
export function asText(findings: readonly Finding[], inColour: boolean): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const clusters = [...new Set(findings.map(({ cluster }) => cluster))].filter((name) => name !== undefined);
  const parts =
    clusters.length < 2
      ? [findings]
      : [undefined, ...clusters].map((name) => findings.filter(({ cluster }) => cluster === name));
  const blocks = parts.map((part) => {
    const name = clusters.length < 2 ? undefined : part[0]?.cluster;
    const title = name === undefined ? [] : [`Proxmox "${name}"`];
    return [...title, ...part.flatMap((finding) => linesOf(finding, width, inColour))].join("\n");
  });
  return [...blocks, count(findings)].join("\n\n");
}

function linesOf({ level, check, found, advice }: Finding, width: number, inColour: boolean): string[] {
  const { text, colour } = marks[level];
  const mark = inColour ? styleText(colour, text) : text;
  const indent = " ".repeat(width + 8);
  const below = [...found.split("\n").slice(1), ...(advice ? advice.split("\n") : [])];
  return [
    `${mark}  ${check.padEnd(width)}  ${found.split("\n")[0]}`,
    ...below.map((line) => `${indent}${line}`),
  ];
}

export function asJson(findings: readonly Finding[]): string {
  return JSON.stringify({ ok: !hasFailed(findings), findings }, undefined, 2);
}

export function hasFailed(findings: readonly Finding[]): boolean {
  return findings.some(({ level }) => level === "fail");
}

/** The failures, for people who wait for them to end. */
export function failing(findings: readonly Finding[]): string {
  const severalClusters = new Set(findings.map(({ cluster }) => cluster)).size > 2;
  const names = findings
    .filter(({ level }) => level === "fail")
    .map(({ check, cluster }) => (severalClusters && cluster ? `${check} (${cluster})` : check));
  return [...new Set(names)].join(", ");
}

function count(findings: readonly Finding[]): string {
  const number = (level: Level) => findings.filter((finding) => finding.level === level).length;
  const looked = `${number("pass")} passed, ${number("warn")} warned, ${number("fail")} failed`;
  return number("skip") > 0 ? `${looked}, ${number("skip")} skipped.` : `${looked}.`;
}
