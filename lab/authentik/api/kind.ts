import type { Lab } from "../lab";
import type { Document, Json } from "../store/store";
import type { Method } from "./endpoint";

/** A kind of object in the API, as a table that the generic code reads. */
export interface Kind {
  name: KindName;
  /** Path below /api/v3/. */
  path: string;
  /** Name in "No <model> matches the given query." */
  model: string;
  /** Name in the `used_by` answers of other objects. */
  app: string;
  modelName: string;
  /** The model in permissions, with its app, if it differs. */
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
  /** Methods of the real server's list and detail URLs that the simulator refuses. */
  notSimulated?: { list: Method[]; detail: Method[] };
  methods: ("list" | "create" | "retrieve" | "update" | "destroy")[];
  /** First key of the kinds with integer keys. The real server creates some objects itself. */
  firstKey?: number;
  describe(document: Document): string;
  /** Checks of several fields. */
  validate?(change: Change): Promise<void> | void;
  /** Runs after a write, with the stored document. */
  saved?(document: Document, context: Context): Promise<void> | void;
  /** Runs after a new object is stored. The object remains if this crashes. */
  created?(context: Context): void;
  /** The answer to a PATCH, if it differs from GET. */
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
  | "initial_permissions"
  | "user"
  | "token"
  | "policy"
  | "binding"
  | "prompt"
  | "flow_binding"
  | "oauth_source"
  | "group_connection"
  | StageName;

export type StageName =
  | "stage_identification"
  | "stage_password"
  | "stage_authenticator_validate"
  | "stage_user_login"
  | "stage_user_logout"
  | "stage_user_write"
  | "stage_invitation"
  | "stage_captcha"
  | "stage_consent"
  | "stage_prompt"
  | "stage_redirect"
  | "stage_deny";

/** The caller of a request. */
export interface Context {
  lab: Lab;
  kinds: Kinds;
  /** Scheme and host of the client's request. */
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
  /** Accepted and stored, but never returned. */
  writeOnly?: boolean;
  nullable?: boolean;
  default?: Json | (() => Json);
  /** Converts a received value to the stored one, or throws a FieldError. */
  parse?(value: Json, input: FieldInput): Promise<Json> | Json;
  /** The message if another object has the same value. */
  unique?: string;
  relation?: Relation;
  /** The returned value, if it differs from the stored one. */
  show?(document: Document, context: Context): Promise<Json> | Json;
  /** The value that a PUT without the field sets. */
  valueOfPutWithout?: Json;
  /** Writes a value that is not stored in the document. */
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
  /** Valid choices are the values of existing objects. */
  | { type: "existing" }
  | { type: "null" }
  | CustomFilter;

export interface CustomFilter {
  type: "custom";
  /** Checks a value before objects are read. */
  check?(value: string, context: Context): Promise<void> | void;
  accepts(value: string, document: Document, context: Context): boolean | Promise<boolean>;
}
