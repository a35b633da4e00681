import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { suite, test } from "node:test";
import { parse } from "yaml";
import { type ApiSchema, apiSchema, differencesFrom } from "../../../../cli/doctor/api/compare";
import { contract } from "../../../../cli/doctor/api/contract";
import { authentikApiCheck } from "../../../../cli/doctor/checks/authentik-api";
import { subjectOf } from "../../../../cli/doctor/subject";
import { projectRoot } from "../../../../cli/paths";
import { describeApi } from "../../../../lab/authentik/api/schema";
import { createKinds } from "../../../../lab/authentik/kinds/kinds";
import { CURRENT, findProfile, RELEASED } from "../../../../lab/authentik/profile";
import { Credentials } from "../../../../providers/core/credentials";
import { existing, parse as parseConfig } from "../../config/right";

/** The OpenAPI schema of authentik 2026.8.3, from its API client. */
const text = readFileSync(join(projectRoot, "node_modules/@goauthentik/api/schema.yml"), "utf8");
const published = apiSchema.parse(parse(text));

/** The published schema with a change in one of its components. */
function changed(
  name: string,
  change: (component: Record<string, Record<string, unknown>>) => unknown,
): ApiSchema {
  const copy = structuredClone(published);
  change(Object(copy.components.schemas[name]));
  return copy;
}

/** The response of the simulated authentik at `/api/v3/schema/`. */
function described(release: string): ApiSchema {
  const profile = findProfile(release);
  return apiSchema.parse(JSON.parse(JSON.stringify(describeApi(createKinds(profile), profile))));
}

/** The fields of each component, with their types if the schema has them. */
const componentsOf = ({ components }: ApiSchema) =>
  new Map(
    Object.entries(components.schemas).map(([name, value]) => {
      const properties: [string, unknown][] = Object.entries(Object(value).properties ?? {});
      return [name, new Map(properties.map(([field, of]) => [field, String(Object(of).type ?? "")]))];
    }),
  );

suite("the API that this program relies on", () => {
  test("matches the schema of 2026.8.3", () => {
    assert.equal(published.info.version, "2026.8.3");
    assert.deepEqual(differencesFrom(published), []);
  });

  for (const [what, schema, says] of [
    [
      "a field that it sends is missing",
      changed("OAuth2ProviderRequest", ({ properties }) => delete properties?.client_secret),
      "`/providers/oauth2/`, of what this program sends: `client_secret` is missing",
    ],
    [
      "a field that it reads is missing",
      changed("Application", ({ properties }) => delete properties?.meta_launch_url),
      "`/core/applications/`, of what this program reads: `meta_launch_url` is missing",
    ],
    [
      "another field is required",
      changed("GroupRequest", (component) => Object(component.required).push("tenant")),
      "`/core/groups/` requires `tenant`, which this program does not send",
    ],
    [
      "a field is of another type",
      changed("PolicyBindingRequest", ({ properties }) =>
        Object.assign(Object(properties), { order: { type: "string" } }),
      ),
      "`/policies/bindings/`, of what this program sends: `order` is string, and not integer",
    ],
  ] as const) {
    test(`differs if ${what}`, () => assert.deepEqual(differencesFrom(schema), [says]));
  }

  test("differs if a kind of object is missing", () => {
    const { "/core/brands/": _, ...paths } = published.paths;
    assert.deepEqual(differencesFrom({ ...published, paths }), ["`/core/brands/` is missing"]);
  });

  test("lists fields that only later or earlier releases have as optional", () => {
    const earlier = changed("Group", ({ properties }) => delete properties?.parents);
    const fields = (version: string) => differencesFrom({ ...earlier, info: { version } }).join("\n");
    assert.match(fields("2026.8.3"), /`parents` is missing/);
    assert.doesNotMatch(fields("2025.10.4"), /`parents`/);
    assert.match(fields("2025.10.4"), /`\/core\/groups\/`, of what this program reads: `parent` is missing/);
  });

  test("lists every kind once", () => {
    assert.equal(new Set(contract.map(({ path }) => path)).size, contract.length);
  });
});

suite("the doctor says of a server", () => {
  for (const [what, status, body, level, says] of [
    ["as published", 200, text, "pass", /^authentik 2026\.8\.3 has everything/],
    ["as published, in JSON", 200, JSON.stringify(published), "pass", /2026\.8\.3/],
    [
      "of which a field was taken away",
      200,
      JSON.stringify(changed("OAuth2Provider", ({ properties }) => delete properties?.signing_key)),
      "warn",
      /The API of authentik 2026\.8\.3 is different:\n.*`\/providers\/oauth2\/`, of what this program reads: `signing_key` is missing$/,
    ],
    ["that does not describe itself", 404, "<p>Not Found</p>", "skip", /does not describe its API/],
    ["that describes something else", 200, '{"swagger":"2.0"}', "skip", /not a description of an API/],
  ] as const) {
    test(`${what}: ${level}`, async () => {
      const server = createServer((_request, response) => response.writeHead(status).end(body));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const authentikUrl = `http://127.0.0.1:${Object(server.address()).port}`;
        const credentials = new Credentials({ get: () => "a-token" }, {});
        const stack = parseConfig({ ...existing, authentikUrl });
        const found = await authentikApiCheck.look(
          subjectOf(stack, credentials, { anything: true, realms: [] }),
        );
        assert.equal(Object(found).level, level);
        assert.match(Object(found).found, says);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });
  }
});

suite("the simulator's schema", () => {
  for (const release of [CURRENT, RELEASED, "2026.5", "2025.10"]) {
    test(`of ${release} has everything that this program requires`, () => {
      assert.deepEqual(differencesFrom(described(release)), []);
    });
  }

  test("has only fields that authentik 2026.8 has", () => {
    const real = componentsOf(published);
    for (const [name, fields] of componentsOf(described(CURRENT))) {
      for (const [field, type] of fields) {
        const published = real.get(name)?.get(field);
        assert.ok(real.get(name)?.has(field), `${name}.${field}`);
        if (type && published) assert.equal(type, published, `${name}.${field}`);
      }
    }
  });
});
