import type { ExplainedFinding } from './audit-findings.mts';

export interface Finding {
  readonly advisory: string;
  readonly package: string;
  readonly severity: string;
  readonly title: string;
}

interface Judgement {
  readonly unexplained: readonly Finding[];
  readonly explained: readonly ExplainedFinding[];
  /** In the list, but not found any more. */
  readonly outdated: readonly ExplainedFinding[];
}

/** An advisory as npm's report has it; a name stands for another package's finding. */
interface Via {
  readonly name: string;
  readonly url: string;
  readonly severity: string;
  readonly title: string;
}

/** The findings in what `npm audit --json` printed; undefined if that is no report. */
export function readReport(stdout: string): readonly Finding[] | undefined {
  let report: { vulnerabilities?: Record<string, { via: readonly (string | Via)[] }> };
  try {
    report = JSON.parse(stdout) as typeof report;
  } catch {
    return undefined;
  }
  if (typeof report.vulnerabilities !== 'object') return undefined;
  const found = new Map<string, Finding>();
  for (const { via } of Object.values(report.vulnerabilities)) {
    for (const cause of via) {
      if (typeof cause === 'string') continue;
      const { name, severity, title, url } = cause;
      const advisory = url.split('/').at(-1)!;
      found.set(`${advisory} ${name}`, { advisory, package: name, severity, title });
    }
  }
  return [...found.values()];
}

/** Compares what was found with what is explained. */
export function judge(found: readonly Finding[], list: readonly ExplainedFinding[]): Judgement {
  const isSame = (a: ExplainedFinding | Finding, b: ExplainedFinding | Finding) =>
    a.advisory === b.advisory && a.package === b.package;
  return {
    unexplained: found.filter((finding) => !list.some((entry) => isSame(entry, finding))),
    explained: list.filter((entry) => found.some((finding) => isSame(entry, finding))),
    outdated: list.filter((entry) => !found.some((finding) => isSame(entry, finding))),
  };
}
