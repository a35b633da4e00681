/** Inputs by their name on the wire, for those whose values are the same there. */
type Fields = Readonly<Record<string, string>>;

/** The fields to send for the chosen inputs. */
export function toWire(fields: Fields, wanted: object, keys: ReadonlySet<string>): Record<string, unknown> {
  const values: Record<string, unknown> = { ...wanted };
  const chosen = Object.entries(fields).filter(([key]) => keys.has(key));
  return Object.fromEntries(chosen.map(([key, name]) => [name, values[key]]));
}

/** The inputs as an answer has them. */
export function fromWire(fields: Fields, remote: object): Record<string, unknown> {
  const values: Record<string, unknown> = { ...remote };
  return Object.fromEntries(Object.entries(fields).map(([key, name]) => [key, values[name]]));
}
