/**
 * Pulumi's gRPC library for Node.js sends what it says to its own engine through `https_proxy` and waits for two minutes. It
 * reads the exceptions in lower case only, and these before `no_proxy`. Go's needs none for this machine.
 */
export function keepEngineFromProxies(environment: NodeJS.ProcessEnv): void {
  environment.no_grpc_proxy ??= [environment.no_proxy ?? environment.NO_PROXY, "127.0.0.1", "localhost"]
    .filter((part) => part)
    .join(",");
}
