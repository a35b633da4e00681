/**
 * Pulumi's gRPC library for Node.js sends messages to its local engine through `https_proxy`, and waits for two
 * minutes. It reads exceptions only in lower case, and `no_grpc_proxy` before `no_proxy`. The Go library needs no
 * exception for this machine.
 */
export function keepEngineFromProxies(environment: NodeJS.ProcessEnv): void {
  environment.no_grpc_proxy ??= [environment.no_proxy ?? environment.NO_PROXY, "127.0.0.1", "localhost"]
    .filter((part) => part)
    .join(",");
}
