import type { Kinds } from "../api/kind";
import type { Profile } from "../profile";
import { applicationKind } from "./application";
import { bindingKind } from "./binding";
import { brandKind } from "./brand";
import { certificateKind } from "./certificate";
import { flowKind } from "./flow";
import { flowBindingKind } from "./flow-binding";
import { groupKind } from "./group";
import { initialPermissionsKind } from "./initial-permissions";
import { policyKind } from "./policy";
import { providerKind } from "./provider";
import { roleKind } from "./role";
import { scopeMappingKind } from "./scope-mapping";
import { groupConnectionKind, oauthSourceKind } from "./source";
import { promptKind, stageKinds } from "./stage";
import { tokenKind } from "./token";
import { userKind } from "./user";

export function createKinds(profile: Profile): Kinds {
  return {
    certificate: certificateKind(profile),
    flow: flowKind(profile),
    scope_mapping: scopeMappingKind(),
    provider: providerKind(profile),
    application: applicationKind(profile),
    brand: brandKind(profile),
    group: groupKind(profile),
    role: roleKind(),
    initial_permissions: initialPermissionsKind(),
    user: userKind(profile),
    token: tokenKind(),
    policy: policyKind(),
    binding: bindingKind(profile),
    prompt: promptKind(),
    flow_binding: flowBindingKind(),
    oauth_source: oauthSourceKind(),
    group_connection: groupConnectionKind(),
    ...stageKinds(),
  };
}
