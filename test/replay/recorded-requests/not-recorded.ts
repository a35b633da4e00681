const inOpenApi = "in the OpenAPI file with this path, body and answer; no other authority";

/** Requests without a recording, and the source for each. */
export const notRecorded: Readonly<Record<string, string>> = {
  "authentik GET /api/v3/core/brands/ ?page_size":
    "recorded with other lists; all lists have the same paging, and the OpenAPI file has it for brands too",
  "authentik POST /api/v3/providers/oauth2/ grant_types: array":
    "the released 2026.5 needs it, as its source and its users say, and the published API client (@goauthentik/api 2026.8) has it; the recorded ones ignore unknown fields, as recorded",
  "authentik PATCH /api/v3/core/applications/*/ meta_launch_url: string":
    "recorded in POST, and PATCH with its neighbours (meta_description, group); the OpenAPI file has it in both",
  "authentik PATCH /api/v3/policies/bindings/*/ policy: null":
    "recorded in POST, and PATCH with a null group; the OpenAPI file has all three nullable in both",
  "authentik PATCH /api/v3/policies/bindings/*/ user: null":
    "recorded in PUT, and PATCH with a null group; the OpenAPI file has all three nullable in both",
  "authentik POST /api/v3/core/brands/ attributes: object":
    "recorded with groups; the OpenAPI file has it for brands too",
  "authentik POST /api/v3/core/users/ attributes: object":
    "recorded with groups; the OpenAPI file has it for users too",
  "authentik GET /api/v3/core/users/ ?path":
    "the OpenAPI file has it; the answer is filtered here once more, by path and name",
  "authentik POST /api/v3/core/users/ type: string":
    "recorded in answers; the OpenAPI file has it in requests",
  "proxmox PUT /api2/json/access/users/* lastname: form":
    "recorded in POST, and PUT with firstname; the API's schema has it in both",
  "authentik PATCH /api/v3/core/brands/*/ branding_logo: string":
    "recorded in answers, and PATCH with branding_title; in PatchedBrandRequest of the OpenAPI file",
  "authentik PATCH /api/v3/core/brands/*/ flow_authentication: string":
    "recorded in POST; in PatchedBrandRequest of the OpenAPI file",
  "authentik PATCH /api/v3/core/groups/*/ is_superuser: boolean":
    "recorded in POST; in PatchedGroupRequest of the OpenAPI file",
  "authentik PATCH /api/v3/core/groups/*/ parent: null":
    "2025.10 and older, which answer null for a group without one; newer ones ignore unknown fields, as recorded",
  "authentik PATCH /api/v3/core/groups/*/ parent: string":
    "2025.10 and older: recorded in POST; newer ones ignore unknown fields, as recorded",
  "authentik PATCH /api/v3/core/groups/*/ parents: array":
    "recorded in POST; in PatchedGroupRequest of the OpenAPI file",
  "authentik PATCH /api/v3/core/users/*/ groups: array":
    "recorded in POST; in PatchedUserRequest of the OpenAPI file",
  "authentik PATCH /api/v3/core/users/*/ is_active: boolean":
    "recorded in POST; in PatchedUserRequest of the OpenAPI file",
  "authentik PATCH /api/v3/core/users/*/ name: string":
    "recorded in POST; in PatchedUserRequest of the OpenAPI file",
  "authentik PATCH /api/v3/core/users/*/ path: string":
    "recorded in POST; in PatchedUserRequest of the OpenAPI file",
  "authentik PATCH /api/v3/core/users/*/ type: string":
    "recorded in answers; in PatchedUserRequest of the OpenAPI file",
  "authentik PATCH /api/v3/propertymappings/provider/scope/*/ name: string":
    "recorded in POST; in PatchedScopeMappingRequest of the OpenAPI file",
  "authentik PATCH /api/v3/propertymappings/provider/scope/*/ scope_name: string":
    "recorded in POST; in PatchedScopeMappingRequest of the OpenAPI file",
  "proxmox GET /api2/json/cluster/status":
    "only /version and /access were recorded; its form is from Proxmox's API documentation (PVE/API2/Cluster.pm of pve-manager)",
  // npm run init
  "proxmox GET /api2/json/nodes/pve/certificates/info":
    "only /version and /access were recorded; its form is from Proxmox's API documentation (PVE/API2/Certificates.pm of pve-manager); without an answer the certificate is pinned",
  // npm run doctor
  "authentik GET /api/v3/tasks/workers/": inOpenApi,
  // npm run offboard
  "authentik GET /api/v3/core/authenticated_sessions/": inOpenApi,
  "authentik DELETE /api/v3/core/authenticated_sessions/*/": inOpenApi,
  "authentik GET /api/v3/core/tokens/":
    "POST is recorded; the list is in the OpenAPI file, and what it holds is filtered here once more",
  "authentik DELETE /api/v3/core/tokens/bob-ci/": inOpenApi,
  "proxmox DELETE /api2/json/access/users/bob%40pve/token/ci":
    "GET and POST of the path are recorded; the API's schema has DELETE",
  // npm run credentials -- --least-privilege
  "authentik POST /api/v3/core/groups/ roles: array":
    "recorded in answers; in GroupRequest of the OpenAPI file",
  "authentik POST /api/v3/core/tokens/ description: string": "in TokenRequest of the OpenAPI file",
  "authentik GET /api/v3/core/tokens/proxmox-authentik-sso-test/view_key/":
    "its key is used in recordings, the call itself is not in them; in the OpenAPI file",
  "authentik GET /api/v3/core/tokens/authentik-bootstrap-token/view_key/":
    "its key is used in recordings, the call itself is not in them; in the OpenAPI file",
  "authentik POST /api/v3/core/tokens/authentik-bootstrap-token/set_key/":
    "in the OpenAPI file; the command then asks whether the old key is refused, and says so if it is not",
  "authentik GET /api/v3/rbac/roles/": inOpenApi,
  "authentik GET /api/v3/rbac/permissions/": inOpenApi,
  "authentik GET /api/v3/rbac/initial_permissions/": inOpenApi,
  "authentik POST /api/v3/rbac/initial_permissions/":
    "in the OpenAPI file, without `mode`, which earlier releases have; unknown fields are ignored, as recorded",
  "authentik POST /api/v3/rbac/roles/": inOpenApi,
  "authentik POST /api/v3/rbac/permissions/assigned_by_roles/*/assign/":
    "in the OpenAPI file; the command then reads with the new token all that resources read, before it counts",
};
