import { authentikVersions, proxmoxVersions, replayAuthentik, replayProxmox } from "./replay";
import { failuresOf, printReport } from "./report";

async function main(): Promise<void> {
  const replayed = [];
  for (const version of authentikVersions) replayed.push(await replayAuthentik(version));
  for (const version of proxmoxVersions) replayed.push(await replayProxmox(version));
  printReport(replayed);
  if (replayed.some((one) => failuresOf(one).length > 0)) process.exitCode = 1;
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
