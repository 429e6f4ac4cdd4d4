import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** What of vitest's JSON report is read here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

/**
 * Collects which tests of several vitest runs did not pass at once, so that they can be named once more where the
 * whole ends: what a test printed itself is thousands of lines above.
 */
export class FailedTests {
  readonly #directory = mkdtempSync(join(tmpdir(), 'failed-tests-'));
  readonly #reports: string[] = [];

  /** The arguments that make one vitest run leave its report, beside what it prints. */
  argumentsFor(project: string): string[] {
    const report = join(this.#directory, `${project}.json`);
    this.#reports.push(report);
    return ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  }

  /** A line for each test that failed, or passed only when it was tried again. Removes the reports. */
  take(): string[] {
    const lines = this.#reports.flatMap((report) => linesOf(report));
    rmSync(this.#directory, { recursive: true, force: true });
    return lines;
  }
}

function linesOf(path: string): string[] {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    // That run ended before it had a report; its step says so.
    return [];
  }
  return report.testResults.flatMap((file) => {
    const name = relative('.', file.name);
    const lines = file.assertionResults.flatMap(({ fullName, status, failureMessages }) => {
      const reason = (failureMessages ?? []).map(firstLine).join(' | ');
      if (status === 'failed') return [`FAIL  ${name} ${fullName}: ${reason}`];
      return reason === '' ? [] : [`again ${name} ${fullName}: ${reason}`];
    });
    // A file that cannot be loaded has no tests that could fail.
    if (lines.length > 0 || file.status !== 'failed') return lines;
    return [`FAIL  ${name}: ${firstLine(file.message)}`];
  });
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
