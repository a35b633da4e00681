/** Pulumi checks a program's types at each run, which takes most of its time. `npm run check` already does this. */
export const unchecked: NodeJS.ProcessEnv = { TS_NODE_TRANSPILE_ONLY: "true" };
