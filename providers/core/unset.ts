/** What the server has as an input: not given where the input is not given and the server has its default. */
export function givenOrSet<Value>(
  stored: Value | null | undefined,
  serverDefault: Value,
  given: Value | undefined,
): Value | undefined {
  const isDefault = stored === undefined || stored === null || stored === serverDefault;
  return given === undefined && isDefault ? undefined : (stored ?? undefined);
}

/** The inputs that say something: a new object has the server's defaults for the rest. */
export function givenKeys(inputs: object): ReadonlySet<string> {
  const given = Object.entries(inputs).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return new Set(given.map(([key]) => key));
}
