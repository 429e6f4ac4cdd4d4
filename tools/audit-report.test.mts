import { describe, expect, it } from 'vitest';
import { judge, readReport } from './audit-report.mts';

/** What npm 10 prints for a package that is vulnerable, and one that depends on it. */
const REPORT = JSON.stringify({
  auditReportVersion: 2,
  vulnerabilities: {
    leftpad: {
      name: 'leftpad',
      severity: 'high',
      via: [
        {
          source: 1,
          name: 'leftpad',
          title: 'Prototype pollution',
          url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
          severity: 'high',
        },
      ],
    },
    padder: { name: 'padder', severity: 'high', via: ['leftpad'] },
  },
});

describe('the audit of the dependencies', () => {
  it('counts an advisory once, whoever depends on it', () => {
    expect(readReport(REPORT)).toEqual([
      {
        advisory: 'GHSA-aaaa-bbbb-cccc',
        package: 'leftpad',
        severity: 'high',
        title: 'Prototype pollution',
      },
    ]);
  });

  it('tells a registry that does not answer from a clean report', () => {
    expect(readReport('')).toBeUndefined();
    expect(readReport('{"message":"405 Method Not Allowed","error":{}}')).toBeUndefined();
    expect(readReport('{"auditReportVersion":2,"vulnerabilities":{}}')).toEqual([]);
  });

  it('tells what is explained, what is not, and what is not found any more', () => {
    const known = { advisory: 'GHSA-aaaa-bbbb-cccc', package: 'leftpad', reason: 'build only' };
    const gone = { advisory: 'GHSA-dddd-eeee-ffff', package: 'rightpad', reason: 'build only' };
    const found = readReport(REPORT)!;
    expect(judge(found, [])).toEqual({ unexplained: found, explained: [], outdated: [] });
    expect(judge(found, [known, gone])).toEqual({ unexplained: [], explained: [known], outdated: [gone] });
  });
});
