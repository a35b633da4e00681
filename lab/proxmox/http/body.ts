import { BareError } from "../errors";
import type { RawParameters } from "./schema";

const perlLocation = "at /usr/share/perl5/PVE/APIServer/AnyEvent.pm line";

/** Parameters of the query string and of a form or JSON body. */
export function readParameters(query: string, contentType: string, body: string): RawParameters {
  const fromQuery = parseForm(query);
  const mediaType = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (mediaType === "application/json") return { ...fromQuery, ...parseJson(body) };
  if (mediaType !== "" && mediaType !== "application/x-www-form-urlencoded" && body !== "") {
    const reason = `upload 'Content-Type '${mediaType}' not implemented`;
    throw new BareError(506, reason, reason);
  }
  return { ...fromQuery, ...parseForm(body) };
}

function parseForm(text: string): RawParameters {
  const parameters: RawParameters = {};
  const form = new URLSearchParams(text);
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name);
    parameters[name] = values.length > 1 ? values : values[0];
  }
  return parameters;
}

function parseJson(body: string): RawParameters {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    const before = body === "" ? "(end of string)" : body.slice(0, 25);
    const problem = `malformed JSON string, neither tag, array, object, number, string or atom, at character offset 0 (before "${before}")`;
    throw unreadable(500, `${problem} ${perlLocation} 934, <DATA> line 960.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unreadable(500, `Not a HASH reference ${perlLocation} 978, <DATA> line 960.`);
  }
  return { ...value };
}

function unreadable(status: number, reason: string): BareError {
  return new BareError(status, reason, `${reason}\n`);
}
