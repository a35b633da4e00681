/** The server's value as an input. Undefined if the input is not set and the server has its default. */
export function givenOrSet<Value>(
  stored: Value | null | undefined,
  serverDefault: Value,
  given: Value | undefined,
): Value | undefined {
  const isDefault = stored === undefined || stored === null || stored === serverDefault;
  return given === undefined && isDefault ? undefined : (stored ?? undefined);
}

/** The keys of inputs that are set. A new object gets the server's defaults for the others. */
export function givenKeys(inputs: object): ReadonlySet<string> {
  const given = Object.entries(inputs).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return new Set(given.map(([key]) => key));
}
