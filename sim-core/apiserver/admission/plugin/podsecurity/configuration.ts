import type { JsonObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { duplicate, invalid } from '../../../../apimachinery/validation/field-error.ts';
import { isDNS1123Label, isDNS1123Subdomain } from '../../../../apimachinery/validation/names.ts';
import type { Policy } from './policy.ts';
import { levelFault, levelOf, versionFault } from './policy.ts';

/** What holds where a namespace's labels say nothing, and whom nothing holds. */
export interface PodSecurityConfiguration {
  readonly defaults: Omit<Policy, 'errors'>;
  readonly exemptions: {
    readonly usernames: readonly string[];
    readonly namespaces: readonly string[];
    readonly runtimeClasses: readonly string[];
  };
}

const PRIVILEGED = { level: 'privileged', version: 'latest' } as const;

export const DEFAULT_CONFIGURATION: PodSecurityConfiguration = {
  defaults: { enforce: PRIVILEGED, audit: PRIVILEGED, warn: PRIVILEGED },
  exemptions: { usernames: [], namespaces: [], runtimeClasses: [] },
};

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const MODES = ['enforce', 'audit', 'warn'] as const;

/**
 * The configuration that a file of AdmissionConfiguration has for the plugin; throws what is wrong with it.
 * Models k8s.io/pod-security-admission/admission/api.
 */
export function podSecurityConfiguration(given: JsonObject | undefined): PodSecurityConfiguration {
  if (given === undefined) return DEFAULT_CONFIGURATION;
  const defaults = isObject(given['defaults']) ? given['defaults'] : {};
  const exemptions = isObject(given['exemptions']) ? given['exemptions'] : {};
  const level = (mode: string) => String(defaults[mode] ?? '') || 'privileged';
  const version = (mode: string) => String(defaults[`${mode}-version`] ?? '') || 'latest';
  const namesOf = (what: string) => (Array.isArray(exemptions[what]) ? exemptions[what].map(String) : []);
  const configuration = {
    usernames: namesOf('usernames'),
    namespaces: namesOf('namespaces'),
    runtimeClasses: namesOf('runtimeClasses'),
  };
  const errors = [
    ...MODES.flatMap((mode) => [
      ...faultOf(`defaults.${mode}`, level(mode), levelFault(level(mode))),
      ...faultOf(`defaults.${mode}-version`, version(mode), versionFault(version(mode))),
    ]),
    ...validateNames(configuration.namespaces, 'exemptions.namespaces', isDNS1123Label),
    ...validateNames(configuration.runtimeClasses, 'exemptions.runtimeClasses', isDNS1123Subdomain),
    ...validateNames(configuration.usernames, 'exemptions.usernames', (name) =>
      name === '' ? ['username must not be empty'] : [],
    ),
  ];
  if (errors.length > 0) {
    const texts = errors.map(({ message }) => message);
    throw new Error(texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`);
  }
  const modeOf = (mode: string) => ({ level: levelOf(level(mode))!, version: version(mode) });
  return {
    defaults: { enforce: modeOf('enforce'), audit: modeOf('audit'), warn: modeOf('warn') },
    exemptions: configuration,
  };
}

const faultOf = (field: string, value: string, fault: string | undefined): FieldError[] =>
  fault === undefined ? [] : [invalid(field, value, fault)];

function validateNames(
  names: readonly string[],
  field: string,
  faults: (name: string) => readonly string[],
): FieldError[] {
  return names.flatMap((name, index) => {
    const at = `${field}[${index}]`;
    const [...found] = faults(name);
    if (found.length > 0) return [invalid(at, name, found.join(', '))];
    return names.indexOf(name) < index ? [duplicate(at, name)] : [];
  });
}
