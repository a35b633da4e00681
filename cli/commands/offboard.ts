import { messageOf } from "../../providers/core/errors";
import { placesOf } from "../offboard/places";
import type { Place } from "../offboard/remnant";
import { project } from "../paths";
import type { RunPulumi } from "../stack/stack-in-question";
import { configValuesOf, credentialsIn, stateOf } from "../stack/state";

export interface OffboardOptions {
  remove?: boolean;
  delete?: boolean;
}

/** Shows what a person can still do on the stack's servers. On request, ends it. Fails if anything remains. */
export async function offboard(
  pulumi: RunPulumi,
  username: string,
  { remove, delete: deletes = false }: OffboardOptions,
): Promise<number> {
  const config = await configValuesOf(pulumi);
  const places = await placesOf(await stateOf(pulumi), credentialsIn(config), { username, deletes });
  if (places.length === 0) {
    console.error("The stack has no servers yet. Run pulumi up first.");
    return 1;
  }
  if (remove || deletes) for (const place of places) await end(place);
  let remaining = 0;
  for (const place of places) remaining += await show(place);
  if (config[`${project}:testUsername`] === username) {
    console.log(`"${username}" is the stack's test user: set another testUsername, or the next proof fails.`);
  }
  console.log(`\n${conclusion(remaining, username, Boolean(remove || deletes))}`);
  return remaining === 0 ? 0 : 1;
}

/** Reports each step immediately, so an interrupted run shows what was done. */
async function end(place: Place): Promise<void> {
  try {
    for (const remnant of await place.look()) {
      if (remnant.end) console.log(`Done: ${await remnant.end()}.`);
    }
  } catch (error) {
    console.error(`${place.title}: ${messageOf(error)}`);
  }
}

/** The number of remaining accesses in a place. A place that cannot be read counts as one. */
async function show(place: Place): Promise<number> {
  console.log(`\n${place.title}`);
  try {
    const remnants = await place.look();
    for (const { what, allows } of remnants) console.log(`  - ${what}${allows ? `\n      ${allows}` : ""}`);
    return remnants.filter(({ allows }) => allows !== undefined).length;
  } catch (error) {
    console.error(`  - could not be read: ${messageOf(error)}`);
    return 1;
  }
}

function conclusion(remaining: number, username: string, removed: boolean): string {
  const consoles = "Open consoles stay open until somebody closes them: see docs/offboarding.md.";
  if (remaining === 0) return `Nothing is left that "${username}" could log in with. ${consoles}`;
  const count = remaining === 1 ? "1 thing is" : `${remaining} things are`;
  return removed
    ? `${count} left: see above for each.`
    : `${count} left. End them with: npm run offboard -- ${username} --remove`;
}
