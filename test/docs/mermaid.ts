/**
 * Lines of a sequence diagram that GitHub could not draw. Supports the part of mermaid's language that the docs
 * use: participants and messages. Mermaid itself would need 70 MB of packages.
 */
export function mistakesInDiagram(text: string): string[] {
  const [first = "", ...lines] = text.split("\n").filter((line) => line.trim() !== "");
  if (first.trim() !== "sequenceDiagram") return [`${first}: not a sequenceDiagram`];
  const participants = new Set<string>();
  return lines.flatMap((line) => {
    const [, declared] = /^\s+(?:participant|actor) (\w+) as \S.*$/.exec(line) ?? [];
    if (declared) {
      participants.add(declared);
      return [];
    }
    const [, from = "", to = "", message = ""] = /^\s+(\w+)--?>>(\w+): (.+)$/.exec(line) ?? [];
    const areKnown = participants.has(from) && participants.has(to);
    // A semicolon or a hash would end the line.
    return areKnown && !/[;#]/.test(message) ? [] : [line.trim()];
  });
}
