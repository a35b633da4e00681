import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi";
import { z } from "zod";
import { isLoopback } from "../../providers/http/host";
import { isEveryAddress, urlAt } from "../model/addresses";
import { trustedProxiesVariable } from "../model/proxies";
import type { DockerHost } from "./docker";
import { imageIn, type Recorded, recordedAs } from "./recorded";

/** Options and facts that select the address of authentik's plain http port. */
export interface PlainHttpFacts {
  readonly image: string;
  /** Whether authentik itself serves https. */
  readonly tls: boolean;
  readonly bindAddress: string;
  readonly httpBindAddress: string | undefined;
  readonly httpPort: number;
  /** The address at which this program calls authentik's API. */
  readonly apiUrl: string;
  readonly production: boolean;
}

interface PlainHttp {
  /** Address of the Docker host for the port. */
  readonly address: string;
  /** Whether authentik trusts only the loopback and its own network by default, instead of all private networks. */
  readonly trustsOnlyOwn: boolean;
  /** Why other machines reach the port, if nobody asked for it. */
  readonly open: string | undefined;
  /** Whether `production` refuses that. An existing server only causes a warning. */
  readonly isRefused: boolean;
}

/** Other machines do not reach a port on this address. */
const here = "127.0.0.1";
const internalPort = 9000;
const published = z.looseObject({
  ports: z.array(z.looseObject({ internal: z.number(), ip: z.string().default("") })),
});

/**
 * If authentik has a certificate, only this program needs the http port. An existing server keeps its port and its
 * trusted networks until its next image, because a change replaces the container.
 */
export function plainHttpIn(own: readonly Recorded[], facts: PlainHttpFacts): PlainHttp {
  const { tls, bindAddress, httpBindAddress, apiUrl, image, production } = facts;
  const server = recordedAs(own, "docker:index/container:Container", "server");
  const isAsBefore = server !== undefined && imageIn(own, "authentik") === image;
  const keeps = isAsBefore && httpBindAddress === undefined && addressOf(server) === bindAddress;
  const closed = tls && isEveryAddress(bindAddress) && !isPlainElsewhere(apiUrl) ? here : bindAddress;
  const address = httpBindAddress ?? (keeps ? bindAddress : closed);
  const isOpen = tls && httpBindAddress === undefined && !isLoopback(urlAt(address));
  const trusts = server !== undefined && JSON.stringify(server.envs).includes(`${trustedProxiesVariable}=`);
  return {
    address,
    trustsOnlyOwn: tls && (!keeps || trusts),
    open: isOpen ? whyOpen(address, facts, address !== closed) : undefined,
    isRefused: isOpen && production && server === undefined,
  };
}

/** The same with the stack's state. Warns if other machines reach the port. */
export function plainHttp(
  host: DockerHost,
  { image, ...facts }: Omit<PlainHttpFacts, "image"> & { readonly image: pulumi.Output<string> },
  resource: pulumi.Resource,
): pulumi.Output<PlainHttp> {
  const found = pulumi.all([image, host.own]).apply(([image, own]) => plainHttpIn(own, { ...facts, image }));
  // No resource depends on this check. A refusal ends the program with its own error.
  found.apply((http) => refuseOrWarn(http, resource));
  return found;
}

/** @throws RunError if `production` refuses that other machines reach the port */
export async function refuseOrWarn(
  { open, isRefused }: Pick<PlainHttp, "open" | "isRefused">,
  resource: pulumi.Resource,
): Promise<void> {
  if (open === undefined) return;
  if (isRefused) throw new RunError(open);
  await pulumi.log.warn(open, resource);
}

/**
 * The networks whose headers authentik trusts. If everybody reaches its https port, these are the loopback and its own
 * network. Empty for authentik's default.
 */
export function trustedNetworks(
  http: pulumi.Output<PlainHttp>,
  frontend: docker.Network,
  given: readonly string[] = [],
): pulumi.Output<readonly string[]> {
  if (given.length > 0) return pulumi.output([...given]);
  const subnets = frontend.ipamConfigs.apply((configs = []) => configs.flatMap(({ subnet }) => subnet ?? []));
  return http.apply(({ trustsOnlyOwn }) =>
    trustsOnlyOwn
      ? subnets.apply((own) => ["127.0.0.0/8", "::1/128", ...own])
      : pulumi.output<readonly string[]>([]),
  );
}

function whyOpen(address: string, { httpPort, apiUrl, production }: PlainHttpFacts, moves: boolean): string {
  const tunnel = `open the tunnel ssh -L ${internalPort}:${here}:${httpPort} user@host, set authentikApiUrl to http://${here}:${internalPort}, and`;
  const toKeep = ` To keep it open for a proxy on another machine, set httpBindAddress to ${address}, and trustedProxies to the proxy's address.`;
  return (
    `Port ${httpPort} of authentik is published on ${address}, without TLS, although authentik has a certificate. ` +
    `${moves ? `It moves to ${here} with authentik's next image. ` : ""}To close it, ` +
    `${isPlainElsewhere(apiUrl) && isEveryAddress(address) ? `${tunnel} ` : ""}set httpBindAddress to ${here}.` +
    `${production ? "" : toKeep}`
  );
}

function addressOf(server: Recorded["outputs"]): string | undefined {
  return published.safeParse(server).data?.ports.find(({ internal }) => internal === internalPort)?.ip;
}

function isPlainElsewhere(apiUrl: string): boolean {
  return apiUrl.startsWith("http:") && !isLoopback(apiUrl);
}
