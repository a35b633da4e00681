import { allGroupsOf } from "../kinds/user";
import type { Lab } from "../lab";
import type { Document } from "../store/store";

/** Whether the user may use the application. Without bindings everybody may. Superusers are no exception. */
export async function mayUse(application: Document, user: Document, lab: Lab): Promise<boolean> {
  const bindings = (await lab.store.list("binding")).filter(
    (binding) => binding.target === application.pk && binding.enabled === true && !isOver(binding),
  );
  // Since 2026.8, a setting decides about applications without bindings.
  if (bindings.length === 0) return lab.settings.defaultAppAccess;
  const results: boolean[] = [];
  for (const binding of bindings) {
    results.push((await matches(binding, user, lab)) !== (binding.negate === true));
  }
  return application.policy_engine_mode === "all" ? results.every(Boolean) : results.some(Boolean);
}

/** Whether temporary access has ended. */
function isOver({ expires }: Document): boolean {
  return typeof expires === "string" && Date.parse(expires) <= Date.now();
}

async function matches(binding: Document, user: Document, lab: Lab): Promise<boolean> {
  if (binding.group !== null) {
    return (await allGroupsOf(user, { lab })).some((group) => group.pk === binding.group);
  }
  if (binding.user !== null) return binding.user === user.pk;
  const policy = await lab.store.get("policy", String(binding.policy));
  return policy ? evaluatePolicy(String(policy.expression)) : binding.failure_result === true;
}

/** Evaluates only a constant result of a policy. */
function evaluatePolicy(expression: string): boolean {
  return /\breturn\s+True\b/.test(expression);
}
