import { X509Certificate } from "node:crypto";
import { BlockList, isIP, isIPv4 } from "node:net";
import type { Extension } from "@peculiar/x509";

const oid = "2.5.29.30";
/** The extension's identifier as encoded bytes. Most CAs lack it, and then no parser has to load. */
const encodedOid = Buffer.from("0603551d1e", "hex");
/** A reserved domain (RFC 2606) that no host has. */
const noDomain = "invalid";
const everyAddress = ["0.0.0.0/0", "::/0"];

/** Limits a CA to one host name with its subdomains, or to one address. */
export async function constrainedTo(host: string): Promise<Extension> {
  const [{ Extension }, { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints }, { AsnConvert }] =
    await Promise.all([
      import("@peculiar/x509"),
      import("@peculiar/asn1-x509"),
      import("@peculiar/asn1-schema"),
    ]);
  const address = isIP(host) ? `${host}/${isIPv4(host) ? 32 : 128}` : undefined;
  const subtrees = (names: ConstructorParameters<typeof GeneralName>[0][]) =>
    new GeneralSubtrees(names.map((name) => new GeneralSubtree({ base: new GeneralName(name) })));
  const constraints = new NameConstraints({
    // A type of name without a constraint would be unrestricted.
    permittedSubtrees: subtrees(
      address ? [{ dNSName: noDomain }, { iPAddress: address }] : [{ dNSName: host }],
    ),
    ...(!address && { excludedSubtrees: subtrees(everyAddress.map((iPAddress) => ({ iPAddress }))) }),
  });
  return new Extension(oid, true, AsnConvert.serialize(constraints));
}

/** Whether a CA has name constraints. */
export function isConstrained(caPem: string): boolean {
  return new X509Certificate(caPem).raw.includes(encodedOid);
}

/** The names for which clients refuse certificates of this CA. */
export async function namesRefusedBy(caPem: string, names: readonly string[]): Promise<string[]> {
  if (!isConstrained(caPem)) return [];
  const [{ NameConstraints, Certificate }, { AsnConvert }] = await Promise.all([
    import("@peculiar/asn1-x509"),
    import("@peculiar/asn1-schema"),
  ]);
  const { tbsCertificate } = AsnConvert.parse(new X509Certificate(caPem).raw, Certificate);
  const extension = tbsCertificate.extensions?.find(({ extnID }) => extnID === oid);
  if (extension === undefined) return [];
  const { permittedSubtrees = [], excludedSubtrees = [] } = AsnConvert.parse(
    extension.extnValue.buffer,
    NameConstraints,
  );
  const within = (name: string, { dNSName, iPAddress }: { dNSName?: string; iPAddress?: string }) => {
    if (!isIP(name)) return dNSName !== undefined && isBelow(name, dNSName);
    const [network = "", prefix] = iPAddress?.split("/") ?? [];
    if (isIP(network) !== isIP(name)) return false;
    const list = new BlockList();
    const family = isIPv4(name) ? "ipv4" : "ipv6";
    list.addSubnet(network, Number(prefix), family);
    return list.check(name, family);
  };
  return names.filter((name) => {
    const kind = isIP(name) ? "iPAddress" : "dNSName";
    const permitted = permittedSubtrees.filter(({ base }) => base[kind] !== undefined);
    return (
      (permitted.length > 0 && !permitted.some(({ base }) => within(name, base))) ||
      excludedSubtrees.some(({ base }) => within(name, base))
    );
  });
}

function isBelow(name: string, domain: string): boolean {
  const [inner, outer] = [name.toLowerCase(), domain.toLowerCase().replace(/^\./, "")];
  return outer === "" || inner === outer || inner.endsWith(`.${outer}`);
}
