/** The two parts of `name=value` in a flag. */
export function pair(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new Error(`"${text}" has no form name=value.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** A secret in an environment variable. Every user of the machine can see arguments. */
export function fromEnvironment(name: string, environment = process.env): string {
  const value = environment[name];
  if (!value) throw new Error(`The environment variable ${name} is empty or not set.`);
  return value;
}
