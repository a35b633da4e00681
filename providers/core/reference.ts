/**
 * The value of `__provider` in every resource's state. Pulumi loads it at refresh and destroy, long after the program
 * has changed. It is a reference to a fixed package path, without code: `proxmox-authentik-sso/dynamic` resolves in
 * this package's working copy (self-reference) and in any project that installs the package.
 * `dynamic.Resource` would serialize a closure instead. That keeps old code in the state, and loads the TypeScript
 * compiler in every preview.
 */
export function providerReference(type: string): string {
  return `exports.handler = () => require("module").createRequire(process.cwd() + "/")("proxmox-authentik-sso/dynamic")(${JSON.stringify(type)});`;
}
