import { type Answer, type Call, type Endpoint, NO_CONTENT, ok, parameter } from "../api/endpoint";
import { badKey, invalid } from "../api/errors";
import { text } from "../api/field-types";
import type { Kinds } from "../api/kind";
import { find, insert, validate } from "../api/objects";
import { setMembership } from "../kinds/group";
import { setPassword, showCurrentUser } from "../kinds/user";
import { isDocument, textOf } from "../lab";
import type { Document } from "../store/store";

export function userEndpoints(kinds: Kinds): Endpoint[] {
  return [
    {
      path: "core/users/me/",
      access: "user",
      methods: { GET: async ({ context }) => ok(await showCurrentUser(context)) },
    },
    { path: "core/users/service_account/", methods: { POST: createServiceAccount } },
    {
      path: `${kinds.user.path}/:key/set_password/`,
      permissions: { POST: "authentik_core.reset_user_password" },
      methods: { POST: changePassword },
    },
    { path: `${kinds.group.path}/:key/add_user/`, methods: { POST: (call) => changeMembership(call, true) } },
    {
      path: `${kinds.group.path}/:key/remove_user/`,
      methods: { POST: (call) => changeMembership(call, false) },
    },
    { path: `${kinds.token.path}/:key/view_key/`, methods: { GET: viewKey } },
    { path: `${kinds.token.path}/:key/set_key/`, methods: { POST: setKey } },
  ];
}

async function changePassword(call: Call): Promise<Answer> {
  const { context } = call;
  const user = await find(context.kinds.user, parameter(call, "key"), context);
  const form = { ...context.kinds.user, fields: [{ name: "password", required: true, parse: text() }] };
  const values = await validate(form, { body: call.body, previous: undefined, partial: false }, context);
  await setPassword(user, textOf(values, "password"), context);
  return NO_CONTENT;
}

async function changeMembership(call: Call, member: boolean): Promise<Answer> {
  const { context, body } = call;
  const group = await find(context.kinds.group, parameter(call, "key"), context);
  if (!isDocument(body) || body.pk === undefined) throw invalid({ pk: ["This field is required."] });
  const user = await context.lab.store.get("user", String(body.pk));
  if (!user) throw badKey();
  await setMembership(user, group, member, context);
  return NO_CONTENT;
}

async function createServiceAccount({ context, body }: Call): Promise<Answer> {
  const values: Document = isDocument(body) ? body : {};
  const username = textOf(values, "name");
  const expiring = values.expiring !== false;
  const user = await insert(
    context.kinds.user,
    { username, name: username, type: "service_account", path: "goauthentik.io/service-accounts" },
    context,
  );
  const token = await insert(
    context.kinds.token,
    {
      identifier: `service-account-${username}-password`,
      intent: "app_password",
      user: user.pk ?? null,
      expiring,
    },
    context,
  );
  return ok({
    username,
    user_uid: user.uid ?? null,
    user_pk: user.pk ?? null,
    token: token.key ?? null,
  });
}

async function viewKey(call: Call): Promise<Answer> {
  const token = await find(call.context.kinds.token, parameter(call, "key"), call.context);
  return ok({ key: token.key ?? null });
}

async function setKey(call: Call): Promise<Answer> {
  const { context, body } = call;
  const token = await find(context.kinds.token, parameter(call, "key"), context);
  const key = isDocument(body) ? body.key : undefined;
  if (!key) return { status: 400 };
  await context.lab.store.put("token", String(token.pk), { ...token, key });
  return NO_CONTENT;
}
