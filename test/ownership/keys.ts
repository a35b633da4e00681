import type { ServerName, Thing } from "./world";

/** `server kind name`. */
export type Key = string;

export function keyOf({ server, kind, name }: Pick<Thing, "server" | "kind" | "name">): Key {
  return `${server} ${kind} ${name}`;
}

export function isOn(server: ServerName): (key: Key) => boolean {
  return (key) => key.startsWith(`${server} `);
}
