/** The first patch of each older minor version whose progress notifications never overtake events. */
const FIRST_TRUSTED_PATCH: Readonly<Record<string, number>> = { '3.4': 31, '3.5': 13 };

/**
 * True if a progress notification that was asked for means what it says: older servers answer at once,
 * although events may be on their way. Models apiserver/pkg/storage/feature/feature_support_checker.go.
 */
export function answersProgressRequests(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  if (major !== 3 || minor > 5) return major >= 3;
  const trusted = FIRST_TRUSTED_PATCH[`3.${minor}`];
  return trusted !== undefined && patch >= trusted;
}
