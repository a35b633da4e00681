import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { authentikAnswersCheck } from "../../../../cli/doctor/checks/answers";
import { authentikNameCheck } from "../../../../cli/doctor/checks/names";
import { subjectOf } from "../../../../cli/doctor/subject";
import { Credentials } from "../../../../providers/core/credentials";
import { existing, parse } from "../../config/right";
import { serve } from "../../providers/http/server";

afterEach(() => {
  delete process.env.http_proxy;
});

test("the doctor names the proxy from the environment, which resolves host names itself", async (context) => {
  const { url, requests } = await serve(context, (_request, response) => response.end("{}"));
  process.env.http_proxy = url.replace("http://", "http://user:secret@");
  const config = parse({
    ...existing,
    authentikUrl: "https://auth.corp",
    authentikApiUrl: "http://auth.corp:9000",
  });
  const made = { anything: false, realms: [] };
  const subject = subjectOf(config, new Credentials({ get: () => undefined }, {}), made);
  assert.deepEqual(await authentikAnswersCheck.look(subject), {
    level: "pass",
    found: `authentik is ready at http://auth.corp:9000, through the proxy ${url} (http_proxy)`,
  });
  assert.deepEqual(requests, ["GET http://auth.corp:9000/-/health/ready/"]);
  process.env.https_proxy = url;
  assert.deepEqual(await authentikNameCheck.look(subject), []);
  delete process.env.https_proxy;
});
