import { goQuote } from '../../../apimachinery/go-format.ts';
import { unsignedComplaint } from '../../../apimachinery/go-numbers.ts';
import type { CelFunction } from './functions.ts';
import { CelFunctionError } from './functions.ts';

class CelSemver {
  readonly typeName = 'kubernetes.Semver';
  readonly core: readonly bigint[];
  readonly pre: readonly string[];
  constructor(core: readonly bigint[], pre: readonly string[]) {
    this.core = core;
    this.pre = pre;
  }
  equals(other: CelSemver): boolean {
    return compare(this, other) === 0;
  }
}

const PARTS = ['major', 'minor', 'patch'];

/** A text says what is wrong. Models github.com/blang/semver Parse. */
function parse(text: string): CelSemver | string {
  if (text === '') return 'Version string empty';
  const parts = /^([^.]*)\.([^.]*)\.(.*)$/s.exec(text);
  if (parts === null) return 'No Major.Minor.Patch elements found';
  const [, major = '', minor = '', rest = ''] = parts;
  const build = rest.indexOf('+');
  const beforeBuild = build < 0 ? rest : rest.slice(0, build);
  const dash = beforeBuild.indexOf('-');
  const patch = dash < 0 ? beforeBuild : beforeBuild.slice(0, dash);
  const core: bigint[] = [];
  for (const [index, part] of [major, minor, patch].entries()) {
    const name = PARTS[index]!;
    const shown = `${name[0]!.toUpperCase()}${name.slice(1)} number`;
    if (/[^\d]/.test(part)) return `Invalid character(s) found in ${name} number ${goQuote(part)}`;
    if (/^0\d/.test(part)) return `${shown} must not contain leading zeroes ${goQuote(part)}`;
    const complaint = unsignedComplaint(part);
    if (complaint !== undefined) return complaint;
    core.push(BigInt(part));
  }
  const pre = dash < 0 ? [] : beforeBuild.slice(dash + 1).split('.');
  for (const part of pre) {
    if (part === '') return 'Prerelease is empty';
    if (/^0\d+$/.test(part))
      return `Numeric PreRelease version must not contain leading zeroes ${goQuote(part)}`;
    if (/[^0-9A-Za-z-]/.test(part)) return `Invalid character(s) found in prerelease ${goQuote(part)}`;
  }
  for (const part of build < 0 ? [] : rest.slice(build + 1).split('.')) {
    if (part === '') return 'Build meta data is empty';
    if (/[^0-9A-Za-z-]/.test(part)) return `Invalid character(s) found in build meta data ${goQuote(part)}`;
  }
  return new CelSemver(core, pre);
}

/** Takes "v1.2" and "01.0.3" too. Models semverlib.go normalizeAndParse. */
function parseLoosely(text: string): CelSemver | string {
  const [first = '', second, ...others] = text.replace(/^v/, '').split('.');
  const parts = [first, ...(second === undefined ? [] : [second])];
  if (others.length > 0) parts.push(others.join('.'));
  const plain = parts.map((part) => (part.length > 1 ? part.replace(/^0+(?=\d)/, '') : part));
  if (plain.length < 3 && /[+-]/.test(plain.at(-1)!)) {
    return 'short version cannot contain PreRelease/Build meta data';
  }
  while (plain.length < 3) plain.push('0');
  return parse(plain.join('.'));
}

const either = (text: string, isLoose = false) => (isLoose ? parseLoosely(text) : parse(text));

function semverOf(text: string, isLoose?: boolean): CelSemver {
  const parsed = either(text, isLoose);
  if (typeof parsed === 'string') throw new CelFunctionError(parsed);
  return parsed;
}

function compare(a: CelSemver, b: CelSemver): number {
  const core = a.core.findIndex((part, index) => part !== b.core[index]);
  if (core >= 0) return a.core[core]! < b.core[core]! ? -1 : 1;
  if (a.pre.length === 0 || b.pre.length === 0) return Math.sign(b.pre.length - a.pre.length);
  for (let index = 0; index < Math.max(a.pre.length, b.pre.length); index++) {
    const [left, right] = [a.pre[index], b.pre[index]];
    if (left === right) continue;
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const [isLeft, isRight] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (isLeft !== isRight) return isLeft ? -1 : 1;
    return (isLeft ? Number(left) < Number(right) : left < right) ? -1 : 1;
  }
  return 0;
}

/** Models k8s.io/apiserver/pkg/cel/library/semverlib.go. */
export const SEMVERS: readonly CelFunction[] = [
  ['semver', '(string) Semver | (string, bool) Semver', semverOf],
  [
    'isSemver',
    '(string) bool | (string, bool) bool',
    (text: string, isLoose?: boolean) => typeof either(text, isLoose) !== 'string',
  ],
  ...PARTS.map((name, index): CelFunction => [name, 'Semver.() int', ({ core }: CelSemver) => core[index]!]),
  ['isGreaterThan', 'Semver.(Semver) bool', (a: CelSemver, b: CelSemver) => compare(a, b) > 0],
  ['isLessThan', 'Semver.(Semver) bool', (a: CelSemver, b: CelSemver) => compare(a, b) < 0],
  ['compareTo', 'Semver.(Semver) int', (a: CelSemver, b: CelSemver) => BigInt(compare(a, b))],
];
