export type Value = string | number | boolean | readonly string[] | undefined;

/** Parameters of a write. */
export type Parameters = Readonly<Record<string, Value>>;

/** Options in an answer, where unset ones are missing. */
export type Stored<Options extends Readonly<Record<string, string>>, Type> = {
  readonly [Name in Options[keyof Options]]?: Type;
};

/** The API's parameters for these inputs. `options` has the inputs' names in the API. */
export function parametersOf<Option extends string>(
  options: Readonly<Record<Option, string>>,
  wanted: Readonly<Partial<Record<NoInfer<Option>, Value>>>,
  keys: readonly string[],
): Record<string, Value> {
  const chosen = (Object.entries(options) as [Option, string][]).filter(([key]) => keys.includes(key));
  return Object.fromEntries(chosen.map(([key, name]) => [name, wanted[key]]));
}

/** Options on the server that the inputs no longer set. The API deletes options by name. */
export function unsetIn(
  options: Readonly<Record<string, string>>,
  wanted: object,
  before: object,
  keys = Object.keys(options),
): string[] {
  const [inputs, stored] = [new Map(Object.entries(wanted)), new Map(Object.entries(before))];
  return Object.entries(options)
    .filter(([key]) => keys.includes(key) && inputs.get(key) === undefined)
    .map(([, name]) => name)
    .filter((name) => stored.get(name) !== undefined);
}

/** Whether the parameters would neither set nor delete an option. */
export function isEmpty(parameters: Parameters): boolean {
  return Object.values(parameters).every(
    (value) => value === undefined || (Array.isArray(value) && value.length === 0),
  );
}
