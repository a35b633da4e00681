import { authentikImageFor, defaultImages, whyItStays } from "../../../components/images";
import { authentikVersionIn, requiresRedis, saidVersionIn } from "../../../components/versions";
import { worryAbout } from "../../../providers/authentik/releases";
import { authentikVersions } from "../../../providers/authentik/versions";
import { isAsSaid, isOlder } from "../../../providers/core/versions";
import { project } from "../../paths";
import { authentikOf } from "../chain";
import { type Check, fail, pass, type Result, warn } from "../check";
import { soonWarning } from "../expiry";
import { clustersOf, type Subject } from "../subject";
import { isNotMadeYet } from "./answers";
import { lackingInAuthentik } from "./lacking";

/** Every token can read its own user. The client explains a refused token. */
export const authentikTokenCheck: Check<Subject> = {
  name: "authentik token",
  needs: ["authentik answers"],
  async look(subject) {
    if (isNotMadeYet(subject)) return undefined;
    const user = await authentikOf(subject).self();
    if (!user.is_superuser) return await lesserToken(subject, user.username);
    return (
      (await expiryOf(subject, user.username)) ?? pass(`the API token of the administrator ${user.username}`)
    );
  },
};

/** authentik does not say which of the user's tokens this is, so it warns only if all of them expire soon. */
async function expiryOf(subject: Subject, username: string): Promise<Result | undefined> {
  const client = authentikOf(subject);
  const [user] = await client.users.list({ username });
  const tokens = await client.tokens.list({ user__username: username, intent: "api" });
  const ends = tokens
    .filter((token) => token.user === user?.pk)
    .map(({ expires, expiring }) => (expiring && expires ? Date.parse(expires) : Number.POSITIVE_INFINITY));
  const last = Math.max(...ends);
  if (!Number.isFinite(last)) return undefined;
  return soonWarning(
    new Date(last),
    `The API token of ${username}`,
    "Create another one in authentik and set it, or run `npm run credentials -- --least-privilege`: its token does not expire.",
  );
}

/** Sends the first read of the resources. The API does not show whether writes are allowed. */
async function lesserToken(subject: Subject, username: string): Promise<Result> {
  const client = authentikOf(subject);
  const lists = {
    "certificate-key pairs": client.certificates,
    "OAuth2 providers": client.oauth2Providers,
    applications: client.applications,
    flows: client.flows,
    "scope mappings": client.scopeMappings,
    brands: client.brands,
  };
  const missing: string[] = [];
  for (const [kind, list] of Object.entries(lists)) {
    await list.list().catch(() => missing.push(kind));
  }
  const advice =
    "Give its user a role that may view, add, change and delete them, or use a token of an administrator.";
  if (missing.length > 0) {
    return fail(`The token's user "${username}" may not view ${missing.join(", ")}.`, advice);
  }
  return username.startsWith(`${project}-`)
    ? pass(`the API token of the service account ${username}`)
    : warn(
        `The token's user "${username}" is not an administrator. Only pulumi up shows whether it may write.`,
        advice,
      );
}

export const authentikVersionCheck: Check<Subject> = {
  name: "authentik's version",
  needs: ["authentik token"],
  async look(subject) {
    if (isNotMadeYet(subject)) return undefined;
    const version = await authentikOf(subject).version();
    if (isOlder(version, authentikVersions.oldest)) {
      return fail(`authentik ${version} is too old.`, "Upgrade it: 2024.12 is the oldest supported version.");
    }
    const lacking = clustersOf(subject).flatMap((cluster) => lackingInAuthentik(cluster, version));
    if (lacking.length > 0) return lacking;
    const worry = worryAbout(version);
    const found = [
      ...(worry ? [warn(worry.found, worry.advice)] : []),
      ...staying(subject),
      ...disagreeing(version, subject),
    ];
    return found.length > 0 ? found : pass(`authentik ${version}${ignoresRedis(version, subject)}`);
  },
};

function imageOf({ config, made }: Subject): string | undefined {
  return config.deployAuthentik ? authentikImageFor(config.authentikImage, made.authentikImage) : undefined;
}

/** A stack of an earlier version of this program may still use the default image of that version. */
function staying(subject: Subject): Result[] {
  const image = imageOf(subject);
  if (image === undefined || image === (subject.config.authentikImage ?? defaultImages.authentik)) return [];
  return [warn(`authentik stays at ${image}.`, whyItStays(image, authentikVersionIn(image) ?? ""))];
}

function ignoresRedis(version: string, { config }: Subject): string {
  return config.deployAuthentik && config.redis && !requiresRedis(version)
    ? ", which ignores redis: `pulumi config set redis false` removes its container"
    : "";
}

/** The preview checks upgrades and options against the version in the config or the image's tag. */
function disagreeing(version: string, subject: Subject): Result[] {
  const { authentikVersion } = subject.config;
  const image = imageOf(subject);
  const said = saidVersionIn(authentikVersion ?? image);
  if (said === "" || isAsSaid(version, said)) return [];
  return [
    authentikVersion === undefined
      ? warn(
          `authentik is ${version}, but the tag of its image ${image} says ${said}.`,
          "Another image has that tag on the Docker host, or nobody has run pulumi up since the tag was changed. Set authentikImage to the tag that you want, and run pulumi up.",
        )
      : warn(
          `authentik is ${version}, but authentikVersion says ${said}.`,
          `pulumi config set authentikVersion ${version}`,
        ),
  ];
}
