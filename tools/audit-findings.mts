/** A finding of `npm audit` that was looked at and stays. */
export interface ExplainedFinding {
  /** The advisory: "GHSA-xxxx-xxxx-xxxx". */
  readonly advisory: string;
  readonly package: string;
  /** Why it harms neither readers nor those who build the site. */
  readonly reason: string;
}

/** Findings among what the site is built from (`npm audit --omit=dev`); one that is not in this list fails. */
export const EXPLAINED_FINDINGS: readonly ExplainedFinding[] = [];
