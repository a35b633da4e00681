import { isDocument, listOf, newUuid } from "../lab";
import type { Document, Json } from "../store/store";
import { badKey, FieldError, invalid, notFound } from "./errors";
import { isUuid, pythonType } from "./field-types";
import type { Change, Context, Field, Kind } from "./kind";

/** Reads, validates and writes objects of any kind. */

export async function show(kind: Kind, document: Document, context: Context): Promise<Document> {
  const shown: Document = {};
  for (const field of kind.fields) {
    if (field.writeOnly) continue;
    shown[field.name] = field.show ? await field.show(document, context) : (document[field.name] ?? null);
  }
  return shown;
}

/** The object of a detail URL. */
export async function find(kind: Kind, key: string, context: Context): Promise<Document> {
  if (kind.lookup !== kind.primaryKey) {
    const documents = await context.lab.store.list(kind.name);
    const document = documents.find((candidate) => candidate[kind.lookup] === key);
    if (!document) throw notFound(kind.model);
    return document;
  }
  const valid = kind.identity === "integer" ? /^\d+$/.test(key) : isUuid(key);
  if (!valid) throw badKey();
  const document = await context.lab.store.get(kind.name, key);
  if (!document) throw notFound(kind.model);
  return document;
}

export async function create(kind: Kind, body: Json, context: Context): Promise<Document> {
  const values = await validate(kind, { body, previous: undefined, partial: false }, context);
  return insert(kind, values, context);
}

/** Stores a new object from valid values. */
export async function insert(kind: Kind, values: Document, context: Context): Promise<Document> {
  const document: Document = {};
  document[kind.primaryKey] =
    kind.identity === "integer"
      ? await context.lab.store.nextInteger(kind.name, kind.firstKey ?? 1)
      : newUuid();
  for (const field of kind.fields) {
    if (field.default === undefined) continue;
    document[field.name] = typeof field.default === "function" ? field.default() : field.default;
  }
  const saved = await save(kind, document, values, context);
  kind.created?.(context);
  return saved;
}

export async function update(
  kind: Kind,
  previous: Document,
  change: { body: Json; partial: boolean },
  context: Context,
): Promise<Document> {
  const values = await validate(kind, { ...change, previous }, context);
  return save(kind, previous, values, context);
}

async function save(kind: Kind, document: Document, values: Document, context: Context): Promise<Document> {
  const elsewhere: Field[] = [];
  for (const field of kind.fields) {
    if (!(field.name in values)) continue;
    if (field.write) elsewhere.push(field);
    else document[field.name] = values[field.name] ?? null;
  }
  await context.lab.store.put(kind.name, keyOf(kind, document), document);
  for (const field of elsewhere) await field.write?.(values[field.name] ?? null, document, context);
  await kind.saved?.(document, context);
  return document;
}

interface Sent {
  body: Json;
  previous: Document | undefined;
  partial: boolean;
}

/** Returns valid values by field, or throws a 400 with every invalid field. Ignores unknown and read-only fields. */
export async function validate(kind: Kind, sent: Sent, context: Context): Promise<Document> {
  const { body, previous, partial } = sent;
  if (!isDocument(body)) {
    throw invalid({
      non_field_errors: [`Invalid data. Expected a dictionary, but got ${pythonType(body)}.`],
    });
  }
  const values: Document = {};
  const errors: Document = {};
  for (const field of kind.fields) {
    if (field.readOnly) continue;
    const value = body[field.name];
    if (value === undefined) {
      if (partial) continue;
      if (field.required) errors[field.name] = ["This field is required."];
      else if (previous && field.valueOfPutWithout !== undefined)
        values[field.name] = field.valueOfPutWithout;
      continue;
    }
    try {
      values[field.name] = await parseField(kind, field, value, { previous, partial, context });
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      errors[field.name] = error.detail;
    }
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
  const change: Change = { context, values, previous, partial };
  await kind.validate?.(change);
  return values;
}

async function parseField(
  kind: Kind,
  field: Field,
  value: Json,
  sent: { previous: Document | undefined; partial: boolean; context: Context },
): Promise<Json> {
  if (value === null) {
    if (field.nullable) return null;
    throw new FieldError("This field may not be null.");
  }
  const parsed = field.parse ? await field.parse(value, sent) : value;
  if (field.unique !== undefined && parsed !== null) {
    const others = await sent.context.lab.store.list(kind.name);
    const previousKey = sent.previous?.[kind.primaryKey];
    const taken = others.some(
      (other) => other[field.name] === parsed && other[kind.primaryKey] !== previousKey,
    );
    if (taken) throw new FieldError(field.unique);
  }
  return parsed;
}

/** Deletes an object, and updates or deletes the objects that refer to it. */
export async function destroy(kind: Kind, document: Document, context: Context): Promise<void> {
  const key = document[kind.primaryKey];
  for (const other of Object.values(context.kinds)) {
    for (const field of other.fields) {
      if (!field.relation || ![field.relation.kind].flat().includes(kind.name)) continue;
      for (const referring of await context.lab.store.list(other.name)) {
        if (!refersTo(referring, field, key)) continue;
        if (field.relation.whenDeleted === "cascade") {
          await destroy(other, referring, context);
          continue;
        }
        referring[field.name] = field.relation.many
          ? listOf(referring, field.name).filter((item) => item !== key)
          : null;
        await context.lab.store.put(other.name, keyOf(other, referring), referring);
      }
    }
  }
  await context.lab.store.remove(kind.name, keyOf(kind, document));
}

function refersTo(document: Document, field: Field, key: Json | undefined): boolean {
  const value = document[field.name];
  return Array.isArray(value) ? key !== undefined && value.includes(key) : value === key;
}

function keyOf(kind: Kind, document: Document): string {
  return String(document[kind.primaryKey]);
}
