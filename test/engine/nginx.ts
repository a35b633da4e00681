import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createCertificateAuthority, issueCertificate } from "../../providers/pki/certificate";
import { freePort } from "../tools/free-port";
import { nginx as nginxProgram, requireProgram } from "../tools/test-programs";
import { exampleText } from "./example";

export interface Nginx {
  /** The address that people open. */
  url: string;
  /** PEM of the CA that signed its certificate. */
  ca: string;
  /** Configures nginx as in the docs, without this header. */
  leaveOut(header?: string): Promise<void>;
  stop(): Promise<void>;
}

const startLimitMs = 10_000;

/** A real nginx that terminates TLS for a server, with the configuration in examples/config/nginx. */
export async function startNginx(upstream: string): Promise<Nginx> {
  const command = requireProgram(nginxProgram);
  const folder = await mkdtemp(join(tmpdir(), "nginx-"));
  await mkdir(join(folder, "logs"));
  const ca = await createCertificateAuthority("proxy CA");
  const request = {
    commonName: "localhost",
    subjectAltNames: ["localhost"],
    validityDays: 1,
    keySize: 2048,
  } as const;
  const pair = await issueCertificate(request, ca);
  await writeFile(join(folder, "tls.crt"), pair.certificate);
  await writeFile(join(folder, "tls.key"), pair.privateKey, { mode: 0o600 });
  const port = await freePort();
  const write = (header?: string) =>
    writeFile(join(folder, "nginx.conf"), configuration(folder, port, locationOf(upstream, header)));
  await write();
  const nginx = spawn(command, ["-p", folder, "-c", "nginx.conf", "-g", "daemon off;"], { stdio: "ignore" });
  await answers(port);
  return {
    url: `https://localhost:${port}`,
    ca: ca.certificate,
    async leaveOut(header) {
      await write(header);
      nginx.kill("SIGHUP");
      // Old workers end with their connections. New connections use the new workers.
      await sleep(500);
    },
    async stop() {
      nginx.kill("SIGTERM");
      if (nginx.exitCode === null) await once(nginx, "exit");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The `location` of the docs, without the line of one header. */
function locationOf(upstream: string, header: string | undefined): string {
  const lines = exampleText("nginx/authentik.conf").replace("http://127.0.0.1:9000", upstream).split("\n");
  return lines.filter((line) => !line.includes(`proxy_set_header ${header} `)).join("\n");
}

function configuration(folder: string, port: number, location: string): string {
  return `
pid ${folder}/nginx.pid;
error_log ${folder}/logs/error.log;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate tls.crt;
    ssl_certificate_key tls.key;
    ${location}
  }
}
`;
}

async function answers(port: number): Promise<void> {
  const deadline = Date.now() + startLimitMs;
  while (Date.now() < deadline) {
    // Any answer is enough. Its certificate is not trusted here.
    const failure = await fetch(`https://localhost:${port}`).catch((error: Error) => String(error.cause));
    if (typeof failure !== "string" || !failure.includes("ECONNREFUSED")) return;
    await sleep(100);
  }
  throw new Error(`nginx does not answer on port ${port}`);
}
