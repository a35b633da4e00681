/**
 * A value as key-value pairs for `pulumi config set-all --path`: `access["pve-admins"]["/vms"][0]`. Empty values
 * have no pairs.
 */
export function pathsOf(key: string, value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return { [key]: String(value) };
  const parts = Array.isArray(value)
    ? value.map((item, index) => pathsOf(`${key}[${index}]`, item))
    : Object.entries(value).map(([name, item]) => pathsOf(`${key}${step(name)}`, item));
  return Object.assign({}, ...parts);
}

function step(name: string): string {
  return /^[A-Za-z][A-Za-z0-9]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
