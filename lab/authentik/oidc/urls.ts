import type { Document } from "../store/store";

/** All URLs use the host and scheme of the client's request. */
export function endpointUrls(origin: string, slug: string) {
  const base = `${origin}/application/o`;
  return {
    authorize: `${base}/authorize/`,
    token: `${base}/token/`,
    userinfo: `${base}/userinfo/`,
    introspect: `${base}/introspect/`,
    revoke: `${base}/revoke/`,
    device: `${base}/device/`,
    discovery: `${base}/${slug}/.well-known/openid-configuration`,
    endSession: `${base}/${slug}/end-session/`,
    jwks: `${base}/${slug}/jwks/`,
  };
}

export function issuerOf(provider: Document, slug: string, origin: string): string {
  return provider.issuer_mode === "global" ? `${origin}/` : `${origin}/application/o/${slug}/`;
}

/** Encodes like Python's urlencode, because redirects are compared byte by byte. */
export function pythonEncode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, "+");
}

export function pythonQuery(parameters: Iterable<[string, string]>): string {
  return Array.from(parameters, ([name, value]) => `${pythonEncode(name)}=${pythonEncode(value)}`).join("&");
}

/** Encodes a whole address like Django. Separators stay. */
export function locationEncode(address: string): string {
  return encodeURI(address).replaceAll("%5B", "[").replaceAll("%5D", "]").replaceAll("%25", "%");
}
