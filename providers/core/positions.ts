/**
 * Leaves stacks unwritten until the function that it returns is called. Pulumi takes the stack of every `new` of
 * a resource into the state: 0.7 KB with paths of this machine, and 4 ms to map them to TypeScript.
 */
export function withoutStacks(): () => void {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = () => "";
  return () => {
    Error.prepareStackTrace = prepareStackTrace;
  };
}
