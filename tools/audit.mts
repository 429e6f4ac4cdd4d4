import { spawnSync } from 'node:child_process';
import { EXPLAINED_FINDINGS } from './audit-findings.mts';
import { judge, readReport } from './audit-report.mts';

/** How long the registry has to answer, in milliseconds. */
const PATIENCE = 20_000;

/**
 * `npm audit --omit=dev`: passes if it finds nothing that audit-findings.mts does not explain. Where the registry does
 * not answer, nothing was learnt: that is said, and does not fail.
 */
const { stdout, stderr, error } = spawnSync(
  'npm',
  ['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=10000'],
  { encoding: 'utf8', timeout: PATIENCE, maxBuffer: 64 * 1024 * 1024, shell: process.platform === 'win32' },
);
const report = readReport(stdout);
if (report === undefined) {
  const said = /^npm (?:error|warn audit) (?!A complete log)(.+)$/m.exec(stderr ?? '')?.[1];
  const reason = error === undefined ? (said ?? 'no report') : `nothing within ${PATIENCE / 1000} s`;
  process.stdout.write(`The dependencies were not audited: the registry does not answer (${reason}).\n`);
} else {
  const { unexplained, explained, outdated } = judge(report, EXPLAINED_FINDINGS);
  for (const { advisory, package: name, reason } of explained)
    process.stdout.write(`explained: ${advisory} in ${name}: ${reason}\n`);
  for (const { advisory, package: name } of outdated)
    process.stdout.write(`no longer found, take it out of the list: ${advisory} in ${name}\n`);
  for (const { advisory, package: name, severity, title } of unexplained)
    process.stdout.write(`NOT EXPLAINED: ${advisory} in ${name} (${severity}): ${title}\n`);
  if (unexplained.length === 0)
    process.stdout.write('The dependencies are clean, or each finding is explained.\n');
  process.exitCode = unexplained.length === 0 ? 0 : 1;
}
