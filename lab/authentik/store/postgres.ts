import { Pool } from "pg";
import type { DatabaseSettings } from "../settings";
import type { Document, Store } from "./store";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS lab_object (
    kind text NOT NULL,
    pk text NOT NULL,
    document jsonb NOT NULL,
    position bigserial,
    PRIMARY KEY (kind, pk)
  );
  CREATE TABLE IF NOT EXISTS lab_sequence (kind text PRIMARY KEY, last bigint NOT NULL);
  CREATE TABLE IF NOT EXISTS authentik_version_history (
    id bigserial PRIMARY KEY,
    "timestamp" timestamptz NOT NULL,
    version text NOT NULL,
    build text NOT NULL
  );`;

/** Stores the version at each start with another one, like the real migrations. */
const NOTE_VERSION = `
  INSERT INTO authentik_version_history ("timestamp", version, build)
  SELECT now(), $1::text, ''
  WHERE $1::text IS DISTINCT FROM (SELECT version FROM authentik_version_history ORDER BY "timestamp" DESC LIMIT 1)`;

/** Server and worker start at the same time. With the lock, only one of them creates the tables. */
const SCHEMA_LOCK = 20265;

export class PostgresStore implements Store {
  readonly isShared = true;

  private constructor(private readonly pool: Pool) {}

  static async open(settings: DatabaseSettings, version: string): Promise<PostgresStore> {
    const pool = new Pool({
      host: settings.host,
      port: settings.port,
      user: settings.user,
      password: settings.password,
      database: settings.name,
      max: 5,
      connectionTimeoutMillis: 3000,
      query_timeout: 10_000,
    });
    // The pool replaces a broken idle connection. The next query reports its error to the caller.
    pool.on("error", (error) => console.error(`postgresql connection lost: ${error.message}`));
    try {
      await makeTables(pool, version);
    } catch (error) {
      await pool.end();
      throw error;
    }
    return new PostgresStore(pool);
  }

  async list(kind: string): Promise<Document[]> {
    const result = await this.pool.query<{ document: Document }>(
      "SELECT document FROM lab_object WHERE kind = $1 ORDER BY position",
      [kind],
    );
    return result.rows.map((row) => row.document);
  }

  async get(kind: string, pk: string): Promise<Document | undefined> {
    const result = await this.pool.query<{ document: Document }>(
      "SELECT document FROM lab_object WHERE kind = $1 AND pk = $2",
      [kind, pk],
    );
    return result.rows[0]?.document;
  }

  async put(kind: string, pk: string, document: Document): Promise<void> {
    await this.pool.query(
      `INSERT INTO lab_object (kind, pk, document) VALUES ($1, $2, $3)
       ON CONFLICT (kind, pk) DO UPDATE SET document = EXCLUDED.document`,
      [kind, pk, JSON.stringify(document)],
    );
  }

  async remove(kind: string, pk: string): Promise<void> {
    await this.pool.query("DELETE FROM lab_object WHERE kind = $1 AND pk = $2", [kind, pk]);
  }

  async nextInteger(kind: string, first: number): Promise<number> {
    const result = await this.pool.query<{ last: string }>(
      `INSERT INTO lab_sequence (kind, last) VALUES ($1, $2)
       ON CONFLICT (kind) DO UPDATE SET last = lab_sequence.last + 1 RETURNING last`,
      [kind, first],
    );
    return Number(result.rows[0]?.last);
  }

  async ping(): Promise<void> {
    await this.pool.query("SELECT 1");
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

async function makeTables(pool: Pool, version: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [SCHEMA_LOCK]);
    await client.query(SCHEMA);
    await client.query(NOTE_VERSION, [version]);
    await client.query("SELECT pg_advisory_unlock($1)", [SCHEMA_LOCK]);
  } finally {
    client.release();
  }
}
