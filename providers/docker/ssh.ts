import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Agent } from "node:http";
import { Duplex } from "node:stream";
import { hostOf } from "../http/host";

/**
 * Arguments of the ssh command that runs `docker` on a Docker host. Like Docker's own client, it uses the user's
 * keys, known hosts and settings.
 * @param address URL of a Docker host. Its path, if any, is the socket on that host.
 */
export function sshArguments(address: URL, options: readonly string[], command: readonly string[]): string[] {
  const { username, port, pathname } = address;
  const socket = pathname.length > 1 ? [`--host=unix://${pathname}`] : [];
  return [
    ...(username ? ["-l", decodeURIComponent(username)] : []),
    ...(port ? ["-p", port] : []),
    ...options,
    ...["-o", "ConnectTimeout=30", "-T", "--", hostOf(address)],
    ["docker", ...socket, ...command].map(quoted).join(" "),
  ];
}

/** The remote shell parses the command. */
function quoted(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Connections to the Docker Engine of another machine. Each one runs an ssh command. */
export class SshAgent extends Agent {
  readonly #arguments: string[];

  constructor(url: URL, options: readonly string[]) {
    super();
    this.#arguments = sshArguments(url, options, ["system", "dial-stdio"]);
  }

  override createConnection(): Duplex {
    return new SshConnection(this.#arguments);
  }
}

/** The stream of an ssh command, with the one socket method that the HTTP client calls. */
class SshConnection extends Duplex {
  readonly #ssh: ChildProcessWithoutNullStreams;

  constructor(args: readonly string[]) {
    super();
    this.#ssh = spawn("ssh", args, { stdio: "pipe" });
    let complaints = "";
    this.#ssh.stdout.on("data", (data) => this.push(data) || this.#ssh.stdout.pause());
    this.#ssh.stderr.on("data", (data) => (complaints += data));
    this.#ssh.stdin.on("error", () => {}); // The `close` event reports the error.
    this.#ssh.once("error", (error) => this.destroy(error));
    this.#ssh.once("close", (code) => {
      if (code) this.destroy(new Error(`ssh: ${complaints.trim() || `ended with ${code}`}`));
      else this.push(null);
    });
  }

  override _read(): void {
    this.#ssh.stdout.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#ssh.stdin.write(chunk, encoding, done);
  }

  override _final(done: () => void): void {
    this.#ssh.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#ssh.kill();
    done(error);
  }

  /** The caller limits the total time. */
  setTimeout(): this {
    return this;
  }
}
