import { blocksOf, codeWithin, read } from "./markdown";

/** A command line of the docs, as words without quotes. */
export type CommandLine = readonly string[];

/** The programs that the docs use. */
const programs = /^(npm|npx|node|pulumi|pveum|docker|openssl|ssh|scp|cd|systemctl|journalctl) /;

/** Every command in a page's shell blocks, and every command of at least two words in a sentence. */
export function commandsOf(page: string): CommandLine[] {
  const text = read(page);
  const blocks = blocksOf(text).filter(({ language }) => language === "sh");
  const within = codeWithin(text).filter((code) => programs.test(code));
  return [...blocks.map((block) => block.text), ...within].flatMap(commandsIn);
}

/** The command lines of a script, without pipes, redirections and comments. */
export function commandsIn(script: string): CommandLine[] {
  return script
    .replace(/\\\n/g, " ")
    .split("\n")
    .flatMap((line) => commandsInLine(line))
    .filter((command) => command.length > 0);
}

const token = /\s+|#.*$|(\|\||&&|[|;]|[<>]+\s*\S+)|((?:"[^"]*"|'[^']*'|\\.|[^\s"'|;<>&]|<[\w-]+>)+)/y;

function commandsInLine(line: string): CommandLine[] {
  const commands: string[][] = [[]];
  token.lastIndex = 0;
  while (token.lastIndex < line.length) {
    const begin = token.lastIndex;
    const found = token.exec(line);
    if (!found) throw new Error(`No shell reads this: ${line.slice(begin)}`);
    const [, operator, word] = found;
    if (operator && !/^[<>]/.test(operator)) commands.push([]);
    if (word !== undefined) commands.at(-1)?.push(word.replace(/["']/g, ""));
  }
  return commands;
}
