import type { Document, Json } from "../store/store";
import { ApiError, invalid } from "./errors";
import type { Context, Filter, Kind } from "./kind";
import { objectsAllowed, permission } from "./permissions";

/** Filters, search, order and pages of lists. */

const PAGE_SIZE = 20;

export interface Page {
  documents: Document[];
  pagination: { [key: string]: Json };
}

export async function listPage(kind: Kind, context: Context): Promise<Page> {
  return paginate(await filterAndOrder(kind, context), context.query);
}

async function filterAndOrder(kind: Kind, context: Context): Promise<Document[]> {
  const all = await visible(kind, context);
  let documents = all;
  for (const [name, filter] of Object.entries(kind.filters)) {
    const wanted = context.query.getAll(name).filter((value) => value !== "");
    if (wanted.length === 0) continue;
    documents = await applyFilter({ name, filter, wanted }, documents, all, context);
  }
  const search = context.query.get("search")?.toLowerCase();
  if (search) {
    documents = documents.filter((document) =>
      kind.search.some((name) =>
        String(document[name] ?? "")
          .toLowerCase()
          .includes(search),
      ),
    );
  }
  return order(documents, context.query.get("ordering")?.split(",") ?? kind.order);
}

/** The objects for a user with permissions on single objects. */
async function visible(kind: Kind, { lab, user }: Context): Promise<Document[]> {
  const all = await lab.store.list(kind.name);
  const allowed = await objectsAllowed(user, permission(kind, "view"), lab);
  return allowed.size === 0 ? all : all.filter((document) => allowed.has(String(document[kind.primaryKey])));
}

async function applyFilter(
  asked: { name: string; filter: Filter; wanted: string[] },
  documents: Document[],
  all: Document[],
  context: Context,
): Promise<Document[]> {
  const { filter, wanted } = asked;
  const last = wanted.at(-1) ?? "";
  switch (filter.type) {
    case "exact":
      return documents.filter((document) => String(document[asked.name]) === last);
    case "boolean":
      return documents.filter((document) => String(document[asked.name]) === last.toLowerCase());
    case "choice":
      requireChoice(asked.name, last, filter.choices);
      return documents.filter((document) => document[asked.name] === last);
    case "existing": {
      const existing = all.map((document) => String(document[asked.name]));
      for (const value of wanted) requireChoice(asked.name, value, existing);
      return documents.filter((document) => wanted.includes(String(document[asked.name])));
    }
    case "null": {
      const field = asked.name.replace(/__isnull$/, "");
      const wantsNull = last.toLowerCase() === "true";
      return documents.filter((document) => ((document[field] ?? null) === null) === wantsNull);
    }
    case "custom": {
      await filter.check?.(last, context);
      const accepted: Document[] = [];
      for (const document of documents) {
        if (await filter.accepts(last, document, context)) accepted.push(document);
      }
      return accepted;
    }
  }
}

function requireChoice(name: string, value: string, choices: string[]): void {
  if (choices.includes(value)) return;
  throw invalid({ [name]: [`Select a valid choice. ${value} is not one of the available choices.`] });
}

function order(documents: Document[], names: string[]): Document[] {
  return [...documents].sort((left, right) => {
    for (const name of names) {
      const field = name.replace(/^-/, "");
      const comparison = compare(left[field], right[field]);
      if (comparison !== 0) return name.startsWith("-") ? -comparison : comparison;
    }
    return 0;
  });
}

function compare(left: Json | undefined, right: Json | undefined): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [a, b] = [String(left ?? ""), String(right ?? "")];
  return a < b ? -1 : a > b ? 1 : 0;
}

export function paginate(documents: Document[], query: URLSearchParams): Page {
  const asked = Number(query.get("page_size"));
  const size = Number.isInteger(asked) && asked > 0 ? asked : PAGE_SIZE;
  const current = Number(query.get("page") ?? "1");
  const pages = Math.max(1, Math.ceil(documents.length / size));
  if (!Number.isInteger(current) || current < 1 || current > pages) {
    throw new ApiError(404, { detail: "Invalid page." });
  }
  const start = (current - 1) * size;
  const selected = documents.slice(start, start + size);
  return {
    documents: selected,
    pagination: {
      next: current < pages ? current + 1 : 0,
      previous: current - 1,
      count: documents.length,
      current,
      total_pages: pages,
      start_index: documents.length === 0 ? 0 : start + 1,
      end_index: start + selected.length,
    },
  };
}
