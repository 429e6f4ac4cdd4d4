import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid } from '../../../../apimachinery/validation/field-error.ts';

export const PREFIX = 'pod-security.kubernetes.io/';
/** From lenient to strict. */
const LEVELS = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof LEVELS)[number];

export interface LevelVersion {
  readonly level: Level;
  /** "latest" or "v1.30". */
  readonly version: string;
}

/** What a namespace's labels ask for. */
export interface Policy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
  readonly errors: readonly FieldError[];
}

export const compareLevels = (a: Level, b: Level) => LEVELS.indexOf(a) - LEVELS.indexOf(b);
export const policyText = ({ level, version }: LevelVersion) => `${level}:${version}`;

export const levelOf = (text: string): Level | undefined => LEVELS.find((name) => name === text);

export const levelFault = (text: string): string | undefined =>
  levelOf(text) === undefined ? `must be one of ${LEVELS.join(', ')}` : undefined;

export const versionFault = (text: string): string | undefined =>
  text === 'latest' || /^v1\.(\d|[1-9]\d*)$/.test(text) ? undefined : 'must be "latest" or "v1.x"';

export const isPrivileged = ({ enforce, audit, warn }: Omit<Policy, 'errors'>): boolean =>
  [enforce, audit, warn].every(({ level }) => level === 'privileged');

/** Who sets a strict level is warned of what breaks it. Models k8s.io/pod-security-admission/api PolicyToEvaluate. */
export function policyOf(labels: Readonly<Record<string, string>>, defaults: Omit<Policy, 'errors'>): Policy {
  const errors: FieldError[] = [];
  const read = (mode: 'enforce' | 'audit' | 'warn', fallback: Level): LevelVersion => {
    const key = PREFIX + mode;
    const level = labels[key];
    const version = labels[`${key}-version`] ?? defaults[mode].version;
    const refuse = (label: string, value: string, fault: string | undefined) => {
      if (fault !== undefined) errors.push(invalid(`metadata.labels[${label}]`, value, fault));
    };
    if (level !== undefined) refuse(key, level, levelFault(level));
    refuse(`${key}-version`, version, versionFault(version));
    return {
      level: level === undefined ? defaults[mode].level : (levelOf(level) ?? fallback),
      version: versionFault(version) === undefined ? version : 'latest',
    };
  };
  const enforce = read('enforce', 'restricted');
  const audit = read('audit', 'privileged');
  let warn = read('warn', 'privileged');
  const explicit = levelOf(labels[`${PREFIX}enforce`] ?? '') !== undefined;
  if (labels[`${PREFIX}warn`] === undefined && explicit && compareLevels(enforce.level, warn.level) > 0) {
    const keepsVersion = labels[`${PREFIX}warn-version`] !== undefined;
    warn = { level: enforce.level, version: keepsVersion ? warn.version : enforce.version };
  }
  return { enforce, audit, warn, errors };
}
