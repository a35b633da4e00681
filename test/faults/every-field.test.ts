import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type {
  PatchedApplicationRequest,
  PatchedCertificateKeyPairRequest,
  PatchedGroupRequest,
  PatchedOAuth2ProviderRequest,
  PatchedPolicyBindingRequest,
  PatchedScopeMappingRequest,
} from "@goauthentik/api";
import type { OnTheWire } from "../lab/official-fields";
import { InProcessEngine } from "./engine";
import { Lab } from "./lab";

/** Another value for each field. Must have all fields to compile. */
type OtherValues<Type> = Record<OnTheWire<keyof Type & string>, unknown>;

const uuid = "11111111-1111-4111-8111-111111111111";
/** A flow of the lab's authentik that the program does not use. */
const flow = Symbol("another flow");
/** Fields that are not tested here, with the reason next to them. */
const leftAlone = Symbol("left alone");

const application: OtherValues<PatchedApplicationRequest> = {
  name: "x",
  slug: "x",
  provider: null,
  backchannel_providers: [99],
  open_in_new_tab: true,
  meta_launch_url: "https://x.example",
  meta_icon: "x.png",
  meta_description: "x",
  meta_publisher: "x",
  policy_engine_mode: "all",
  group: "x",
  meta_hide: true,
};

const provider: OtherValues<PatchedOAuth2ProviderRequest> = {
  name: "x",
  authentication_flow: flow,
  authorization_flow: flow,
  invalidation_flow: flow,
  property_mappings: [],
  client_type: "public",
  // In no recorded release. A missing value stays unchanged there.
  grant_types: leftAlone,
  client_id: "x",
  client_secret: "x",
  access_code_validity: "minutes=7",
  access_token_validity: "minutes=7",
  refresh_token_validity: "minutes=7",
  refresh_token_threshold: "minutes=7",
  include_claims_in_id_token: false,
  signing_key: null,
  encryption_key: uuid,
  redirect_uris: [],
  logout_uri: "https://x.example",
  logout_method: "frontchannel",
  sub_mode: "user_email",
  issuer_mode: "global",
  jwt_federation_sources: [uuid],
  jwt_federation_providers: [99],
};

const scopeMapping: OtherValues<PatchedScopeMappingRequest> = {
  // authentik's mark of objects from its blueprints. Its web pages do not show it.
  managed: leftAlone,
  name: "x",
  expression: "return {}",
  scope_name: "x",
  description: "x",
};

const group: OtherValues<PatchedGroupRequest> = {
  name: "x",
  is_superuser: true,
  parents: [uuid],
  // People manage the members of a group.
  users: leftAlone,
  attributes: {},
  roles: [uuid],
};

const binding: OtherValues<PatchedPolicyBindingRequest> = {
  policy: uuid,
  group: uuid,
  user: 99,
  target: uuid,
  negate: true,
  enabled: false,
  order: 99,
  timeout: 99,
  failure_result: true,
};

const certificate: OtherValues<PatchedCertificateKeyPairRequest> & Record<"private_key_available", unknown> =
  {
    name: "x",
    // No read returns either. test/resources/certificate.test.ts checks that another pair is detected.
    certificate_data: leftAlone,
    key_data: leftAlone,
    private_key_available: false,
  };

const realm = {
  "issuer-url": "https://x.example/",
  "client-id": "x",
  "client-key": "x",
  "username-claim": "email",
  autocreate: 0,
  default: 1,
  comment: "x",
  prompt: "login",
  scopes: "x",
  "acr-values": "x",
  "groups-claim": "x",
  "groups-autocreate": 1,
  "groups-overwrite": 0,
  "query-userinfo": 0,
  audiences: "x",
};

/** How to read the object, its resource in the program, and possible changes. */
const kinds: readonly [string, RegExp, RegExp, Readonly<Record<string, unknown>>][] = [
  ["application", /applications\/proxmox\/$/, /^sso-application$/, application],
  ["provider", /providers\/oauth2\/\d+\/$/, /^sso-provider$/, provider],
  ["scope mapping", /provider\/scope\/[-\w]+\/$/, /^sso-groups$/, scopeMapping],
  ["group", /core\/groups\/[-\w]+\/$/, /^group-pve-users$/, group],
  ["binding", /policies\/bindings\/[-\w]+\/$/, /^sso-binding-pve-users$/, binding],
  ["certificate", /certificatekeypairs\/[-\w]+\/$/, /^sso-certificate$/, certificate],
  ["realm", /access\/domains\/authentik$/, /^sso-realm$/, realm],
];

suite("a change made by hand to an object of the program is shown:", () => {
  let lab: Lab;
  let engine: InProcessEngine;
  let anotherFlow: unknown;

  before(async () => {
    lab = await Lab.start();
    engine = new InProcessEngine(lab.config);
    assert.equal(await engine.up(), undefined);
    const flows = await lab.servers.listInAuthentik("flows/instances/");
    anotherFlow = flows.find(({ slug }) => slug === "default-authentication-flow")?.pk;
  });
  after(() => lab?.stop());

  for (const [title, read, resource, fields] of kinds) {
    for (const [field, value] of Object.entries(fields)) {
      if (value === leftAlone) continue;
      test(`${title}: ${field}`, async () => {
        const { wire } = lab;
        const isIt = (name: string) => resource.test(name);
        await wire.repair();
        assert.deepEqual(await engine.drift(isIt), []);
        const request = wire.requests.find((one) => read.test(one)) ?? "";
        await wire.breakAt(request, {
          title,
          async meet(exchange) {
            const answer = await exchange.forward();
            const body = JSON.parse(String(answer.body));
            const object = body.data ?? body;
            object[field] = value === flow ? anotherFlow : value;
            exchange.reply({ ...answer, body: Buffer.from(JSON.stringify(body)) });
          },
        });
        assert.equal((await engine.drift(isIt)).length, 1);
        assert.equal(wire.struck, request);
      });
    }
  }
});
