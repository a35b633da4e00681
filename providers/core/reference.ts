/**
 * What Pulumi stores as `__provider` in every resource's state, and runs at refresh and destroy long after
 * the program has changed. It is a reference to a frozen package path, never code: `proxmox-authentik-sso/dynamic`
 * resolves in this package's own working copy (self-reference) and in any project that installs it.
 *
 * `dynamic.Resource` would serialise a closure here instead, which keeps old code in the state and loads the
 * TypeScript compiler into every preview.
 */
export function providerReference(type: string): string {
  return `exports.handler = () => require("module").createRequire(process.cwd() + "/")("proxmox-authentik-sso/dynamic")(${JSON.stringify(type)});`;
}
