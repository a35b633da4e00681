import { styleText } from "node:util";
import type { Finding, Level } from "./check";

const marks = {
  pass: { text: "pass", colour: "green" },
  warn: { text: "warn", colour: "yellow" },
  fail: { text: "FAIL", colour: "red" },
  skip: { text: "skip", colour: "gray" },
} as const;

/** A line for each finding, with what to do below it, and a last line that counts. */
export function asText(findings: readonly Finding[], inColour: boolean): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ level, check, found, advice }) => {
    const { text, colour } = marks[level];
    const mark = inColour ? styleText(colour, text) : text;
    const indent = " ".repeat(width + 8);
    const below = [...found.split("\n").slice(1), ...(advice ? advice.split("\n") : [])];
    return [
      `${mark}  ${check.padEnd(width)}  ${found.split("\n")[0]}`,
      ...below.map((line) => `${indent}${line}`),
    ];
  });
  return [...lines, "", count(findings)].join("\n");
}

export function asJson(findings: readonly Finding[]): string {
  return JSON.stringify({ ok: !hasFailed(findings), findings }, undefined, 2);
}

export function hasFailed(findings: readonly Finding[]): boolean {
  return findings.some(({ level }) => level === "fail");
}

function count(findings: readonly Finding[]): string {
  const number = (level: Level) => findings.filter((finding) => finding.level === level).length;
  const looked = `${number("pass")} passed, ${number("warn")} warned, ${number("fail")} failed`;
  return number("skip") > 0 ? `${looked}, ${number("skip")} not looked at.` : `${looked}.`;
}
