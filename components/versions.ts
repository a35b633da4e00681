/** The first release of authentik that needs no redis; its release candidates still did. */
const withoutRedis = [2025, 10] as const;

/**
 * Whether this authentik needs redis, by its version (`2025.8.1`) or image (`ghcr.io/…:2026.5`). One whose
 * version cannot be told is taken for a current one.
 */
export function requiresRedis(imageOrVersion: string): boolean {
  const match = /(?:^|:)(\d{4})\.(\d{1,2})(?:\.\d+)?(-rc\d+)?(?![\d.])/.exec(imageOrVersion);
  if (!match) return false;
  const [year, month] = [Number(match[1]), Number(match[2])];
  const [firstYear, firstMonth] = withoutRedis;
  if (year !== firstYear) return year < firstYear;
  return month < firstMonth || (month === firstMonth && match[3] !== undefined);
}
