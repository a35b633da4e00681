// A reporter for node's test runner. The run fails if a test was skipped or is a to-do.
export default async function* noSkips(events) {
  const leftOut = [];
  for await (const { type, data } of events) {
    if (
      (type === "test:pass" || type === "test:fail") &&
      (data.skip !== undefined || data.todo !== undefined)
    ) {
      leftOut.push(`${data.file}: ${data.name}`);
    }
  }
  if (leftOut.length === 0) return;
  process.exitCode = 1;
  yield `Tests that were left out count as failures in CI:\n${leftOut.map((name) => `  ${name}\n`).join("")}`;
}
