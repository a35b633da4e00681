import { parseArgs } from "node:util";
import { disturbanceFrom } from "../disturbance";
import { runHealthcheck, runServer, runWorker } from "./container";
import { CURRENT, findProfile } from "./profile";
import { readBootstrap, readTlsTick } from "./settings";
import { startAuthentik } from "./start";

const USAGE = `usage: authentik server | worker | healthcheck
       authentik all [--data <directory>] [--http 9000] [--https 9443] [--profile 2026.8]
                     [--latency <milliseconds>] [--fault "<METHOD> <begin of the path>=<status>"]…
                     [--fault redis=down] [--fault database=down]
                     [--load <factor of the times that the real server takes>]`;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: "string" },
      http: { type: "string", default: "9000" },
      https: { type: "string", default: "9443" },
      latency: { type: "string", default: "0" },
      fault: { type: "string", multiple: true, default: [] },
      load: { type: "string", default: "0" },
      profile: { type: "string", default: process.env.LAB_AUTHENTIK_PROFILE ?? CURRENT },
    },
  });
  const profile = findProfile(values.profile);
  switch (positionals[0]) {
    case "server":
      return runServer(profile, process.env);
    case "worker":
      return runWorker(profile, process.env);
    case "healthcheck":
      return runHealthcheck();
    case "all": {
      const running = await startAuthentik({
        profile: values.profile,
        host: "127.0.0.1",
        httpPort: Number(values.http),
        httpsPort: Number(values.https),
        bootstrap: readBootstrap(process.env),
        workerDelayMilliseconds: Number(process.env.LAB_WORKER_DELAY ?? "1000"),
        disturbance: disturbanceFrom("authentik", values),
        ...(readTlsTick(process.env) !== undefined && { tlsTickSeconds: readTlsTick(process.env) }),
        ...(values.data === undefined ? {} : { dataDirectory: values.data }),
      });
      for (const signal of ["SIGTERM", "SIGINT"] as const) {
        process.once(signal, () => void running.close().finally(() => process.exit(0)));
      }
      console.log(`simulated authentik ${profile.version} at ${running.httpUrl} and ${running.httpsUrl}`);
      await running.ready;
      console.log("default objects made");
      return;
    }
    default:
      throw new Error(USAGE);
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
