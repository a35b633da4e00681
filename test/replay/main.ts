import { replayJoint } from "./joint/joint";
import {
  authentikVersions,
  proxmoxVersions,
  replayAuthentik,
  replayBackupServer,
  replayDatacenterManager,
  replayProxmox,
} from "./replay";
import { failuresOf, printJoint, printReport, printStarts } from "./report";
import { replayStarts } from "./starts";

async function main(): Promise<void> {
  const replayed = [];
  for (const version of authentikVersions) replayed.push(await replayAuthentik(version));
  for (const version of proxmoxVersions) replayed.push(await replayProxmox(version));
  replayed.push(await replayBackupServer(), await replayDatacenterManager());
  printReport(replayed);
  const starts = await replayStarts();
  printStarts(starts);
  const joint = await replayJoint();
  printJoint(joint);
  const isComplete =
    replayed.every((one) => failuresOf(one).length === 0) &&
    starts.every(({ isAlike }) => isAlike) &&
    joint.every(({ differences }) => differences.length === 0);
  if (!isComplete) process.exitCode = 1;
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
