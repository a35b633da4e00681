const everything = ["view", "add", "change", "delete"];

function on(model: string, actions: readonly string[]): string[] {
  return actions.map((action) => model.replace(".", `.${action}_`));
}

/**
 * Permissions that this program's resources need, on all objects. They include no tokens, roles or contents of
 * flows.
 */
export const permissions: readonly string[] = [
  ...on("authentik_crypto.certificatekeypair", everything),
  "authentik_crypto.view_certificatekeypair_certificate",
  ...on("authentik_providers_oauth2.oauth2provider", everything),
  ...on("authentik_providers_oauth2.scopemapping", everything),
  ...on("authentik_core.application", everything),
  ...on("authentik_core.group", everything),
  ...on("authentik_policies.policybinding", everything),
  ...on("authentik_flows.flow", ["view"]),
  // The brand sets which TLS certificate authentik serves.
  ...on("authentik_brands.brand", ["view", "change"]),
  // The proof of login creates a user.
  "authentik_core.add_user",
];

/** Permissions on users that the account has created, and on no others. */
export const onOwnUsers: readonly string[] = [
  "view_user",
  "change_user",
  "delete_user",
  "reset_user_password",
];
