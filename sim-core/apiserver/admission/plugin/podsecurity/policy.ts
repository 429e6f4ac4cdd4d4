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

/** Who sets a strict level is warned of what breaks it. Models k8s.io/pod-security-admission/api PolicyToEvaluate. */
export function policyOf(labels: Readonly<Record<string, string>>): Policy {
  const errors: FieldError[] = [];
  const read = (mode: string, fallback: Level): LevelVersion => {
    const key = PREFIX + mode;
    const level = labels[key] ?? 'privileged';
    const version = labels[`${key}-version`] ?? 'latest';
    const refuse = (label: string, value: string, detail: string) =>
      errors.push(invalid(`metadata.labels[${label}]`, value, detail));
    const known = LEVELS.find((name) => name === level);
    if (known === undefined) refuse(key, level, `must be one of ${LEVELS.join(', ')}`);
    const isVersion = version === 'latest' || /^v1\.(\d|[1-9]\d*)$/.test(version);
    if (!isVersion) refuse(`${key}-version`, version, 'must be "latest" or "v1.x"');
    return { level: known ?? fallback, version: isVersion ? version : 'latest' };
  };
  const enforce = read('enforce', 'restricted');
  const audit = read('audit', 'privileged');
  let warn = read('warn', 'privileged');
  const explicit = LEVELS.some((name) => name === labels[`${PREFIX}enforce`]);
  if (labels[`${PREFIX}warn`] === undefined && explicit && compareLevels(enforce.level, warn.level) > 0) {
    const keepsVersion = labels[`${PREFIX}warn-version`] !== undefined;
    warn = { level: enforce.level, version: keepsVersion ? warn.version : enforce.version };
  }
  return { enforce, audit, warn, errors };
}
