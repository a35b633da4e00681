import type { Endpoint } from "../api/endpoint";
import type { Kinds } from "../api/kind";
import { applicationEndpoints, listApplications } from "../endpoints/applications";
import { certificateEndpoints } from "../endpoints/certificates";
import { objectEndpoints } from "../endpoints/objects";
import { providerEndpoints } from "../endpoints/providers";
import { roleEndpoints } from "../endpoints/roles";
import { sessionEndpoints } from "../endpoints/sessions";
import { sourceEndpoints } from "../endpoints/sources";
import { systemEndpoints } from "../endpoints/system";
import { usedByEndpoints } from "../endpoints/used-by";
import { userEndpoints } from "../endpoints/users";
import type { Profile } from "../profile";

export function apiEndpoints(kinds: Kinds, profile: Profile): Endpoint[] {
  const objects = Object.values(kinds).flatMap(objectEndpoints);
  const applications = objects.find((endpoint) => endpoint.path === `${kinds.application.path}/`);
  if (applications)
    Object.assign(applications, {
      access: "user",
      methods: { ...applications.methods, GET: listApplications },
    });
  return [
    ...objects,
    ...certificateEndpoints(kinds, profile),
    ...providerEndpoints(kinds, profile),
    ...applicationEndpoints(kinds, profile),
    ...userEndpoints(kinds),
    ...roleEndpoints(kinds),
    ...sessionEndpoints(),
    ...sourceEndpoints(),
    ...systemEndpoints(profile),
    ...usedByEndpoints(kinds),
  ];
}
