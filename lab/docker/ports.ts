import { connect } from "node:net";

const answerLimitMs = 1_000;

/** Ports on the loopback that are in use. */
export async function portsInUse(ports: number[]): Promise<number[]> {
  const used = await Promise.all(ports.map(isPortInUse));
  return ports.filter((_port, index) => used[index]);
}

export function isPortInUse(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const answer = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.setTimeout(answerLimitMs, () => answer(false));
    socket.on("connect", () => answer(true));
    socket.on("error", () => answer(false));
  });
}
