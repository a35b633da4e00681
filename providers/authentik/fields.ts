/** Names of inputs in authentik's API, for inputs whose values need no conversion. */
type Fields = Readonly<Record<string, string>>;

/** The API's fields for the chosen inputs. */
export function toWire(fields: Fields, wanted: object, keys: ReadonlySet<string>): Record<string, unknown> {
  const values: Record<string, unknown> = { ...wanted };
  const chosen = Object.entries(fields).filter(([key]) => keys.has(key));
  return Object.fromEntries(chosen.map(([key, name]) => [name, values[key]]));
}

/** The inputs in an answer of the API. */
export function fromWire(fields: Fields, remote: object): Record<string, unknown> {
  const values: Record<string, unknown> = { ...remote };
  return Object.fromEntries(Object.entries(fields).map(([key, name]) => [key, values[name]]));
}
