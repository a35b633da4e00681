import type { Lab } from "../lab";
import type { Document, Json } from "../store/store";
import type { Method } from "./endpoint";

/** One object kind of the API as a table: everything generic is driven by it. */
export interface Kind {
  name: KindName;
  /** Below /api/v3/. */
  path: string;
  /** In "No <model> matches the given query." */
  model: string;
  /** How other objects' `used_by` answers name it. */
  app: string;
  modelName: string;
  /** The model, with its app, that permissions name, where it is another. */
  guardedAs?: string;
  identity: "uuid" | "integer";
  primaryKey: string;
  /** The field in the detail URL. */
  lookup: string;
  fields: Field[];
  filters: Record<string, Filter>;
  search: string[];
  order: string[];
  autocomplete?: Json;
  /** Methods that the real server has at the list and at the detail URL, and this one refuses. */
  notSimulated?: { list: Method[]; detail: Method[] };
  methods: ("list" | "create" | "retrieve" | "update" | "destroy")[];
  /** Objects made before the first one of ours, in integer keys. */
  firstKey?: number;
  describe(document: Document): string;
  /** Checks that need more than one field. */
  validate?(change: Change): Promise<void> | void;
  /** Runs after a write, with the stored document. */
  saved?(document: Document, context: Context): Promise<void> | void;
  /** After a new object is stored; one that crashes here exists nevertheless. */
  created?(context: Context): void;
  /** The answer to a PATCH where it is not what GET shows. */
  echo?(shown: Document, stored: Document, previous: Document): Document;
}

export type KindName =
  | "certificate"
  | "flow"
  | "scope_mapping"
  | "provider"
  | "application"
  | "brand"
  | "group"
  | "role"
  | "user"
  | "token"
  | "policy"
  | "binding"
  | "prompt"
  | "flow_binding"
  | StageName;

export type StageName =
  | "stage_identification"
  | "stage_password"
  | "stage_authenticator_validate"
  | "stage_user_login"
  | "stage_user_logout"
  | "stage_user_write"
  | "stage_captcha"
  | "stage_consent"
  | "stage_prompt"
  | "stage_redirect"
  | "stage_deny";

/** Who asks, from where. */
export interface Context {
  lab: Lab;
  kinds: Kinds;
  /** Scheme and host as the client sees them. */
  origin: string;
  user: Document;
  query: URLSearchParams;
}

export type Kinds = Record<KindName, Kind>;

export interface Change {
  context: Context;
  values: Document;
  previous: Document | undefined;
  partial: boolean;
}

export interface FieldInput {
  context: Context;
  partial: boolean;
}

export interface Field {
  name: string;
  required?: boolean;
  readOnly?: boolean;
  /** Accepted and stored, never shown. */
  writeOnly?: boolean;
  nullable?: boolean;
  default?: Json | (() => Json);
  /** Turns a sent value into the stored one, or throws a FieldError. */
  parse?(value: Json, input: FieldInput): Promise<Json> | Json;
  /** The message when another object has the same value. */
  unique?: string;
  relation?: Relation;
  /** Shown value, where it is not simply the stored one. */
  show?(document: Document, context: Context): Promise<Json> | Json;
  /** A PUT without the field sets this value. */
  valueOfPutWithout?: Json;
  /** Writes a value that is stored elsewhere than in the document. */
  write?(value: Json, document: Document, context: Context): Promise<void>;
}

export interface Relation {
  kind: KindName | readonly KindName[];
  many: boolean;
  whenDeleted: "set_null" | "cascade" | "remove";
}

export type Filter =
  | { type: "exact" }
  | { type: "boolean" }
  | { type: "choice"; choices: string[] }
  /** Only values that some object has are valid choices. */
  | { type: "existing" }
  | { type: "null" }
  | CustomFilter;

export interface CustomFilter {
  type: "custom";
  /** Refuses a value before any object is looked at. */
  check?(value: string, context: Context): Promise<void> | void;
  accepts(value: string, document: Document, context: Context): boolean | Promise<boolean>;
}
