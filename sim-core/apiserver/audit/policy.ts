import type { FieldError } from '../../apimachinery/validation/field-error.ts';
import { invalid, notSupported, required } from '../../apimachinery/validation/field-error.ts';
import { isDNS1123Subdomain } from '../../apimachinery/validation/names.ts';
import type { AuthorizationAttributes } from '../authorization/authorizer.ts';

/** How much of a request is written down. */
type AuditLevel = 'None' | 'Metadata' | 'Request' | 'RequestResponse';
/** When in a request's life it is written down. */
export type AuditStage = 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic';

const LEVELS: readonly AuditLevel[] = ['None', 'Metadata', 'Request', 'RequestResponse'];
const STAGES: readonly AuditStage[] = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'];

interface GroupResources {
  readonly group?: string;
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface PolicyRule {
  readonly level: AuditLevel;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resources?: readonly GroupResources[];
  readonly namespaces?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly omitStages?: readonly AuditStage[];
  readonly omitManagedFields?: boolean;
}

/** The file of --audit-policy-file, parsed. */
interface PolicyFile {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly rules?: readonly PolicyRule[];
  readonly omitStages?: readonly AuditStage[];
  readonly omitManagedFields?: boolean;
}

/** What the policy says of one request. */
export interface RequestAuditConfig {
  readonly level: AuditLevel;
  readonly omitStages: ReadonlySet<AuditStage>;
  readonly omitManagedFields: boolean;
}

const DEFAULT_LEVEL: AuditLevel = 'None';

/** Which requests are audited, and how: the first rule that matches says. Models audit/policy/checker.go. */
export class AuditPolicy {
  readonly #rules: readonly { readonly rule: PolicyRule; readonly config: RequestAuditConfig }[];
  readonly #default: RequestAuditConfig;

  /** Throws an Error with upstream's words for a file that is no good policy. Models audit/policy/reader.go. */
  constructor(file: unknown) {
    const {
      apiVersion,
      kind,
      rules = [],
      omitStages = [],
      omitManagedFields = false,
    } = (file ?? {}) as PolicyFile;
    if (kind === undefined || kind === '') throw new Error("failed decoding: Object 'Kind' is missing");
    if (apiVersion !== 'audit.k8s.io/v1' || kind !== 'Policy') {
      throw new Error(
        `failed decoding: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion ?? '')}`,
      );
    }
    const errors = [...validateStages(omitStages, 'omitStages'), ...rules.flatMap(validateRule)];
    if (errors.length > 0) throw new Error(aggregate(errors));
    if (rules.length === 0) throw new Error('loaded illegal policy with 0 rules');
    this.#default = { level: DEFAULT_LEVEL, omitStages: new Set(omitStages), omitManagedFields };
    this.#rules = rules.map((rule) => ({
      rule,
      config: {
        level: rule.level,
        omitStages: new Set([...omitStages, ...(rule.omitStages ?? [])]),
        omitManagedFields: rule.omitManagedFields ?? omitManagedFields,
      },
    }));
  }

  evaluate(attributes: AuthorizationAttributes): RequestAuditConfig {
    return this.#rules.find(({ rule }) => matches(rule, attributes))?.config ?? this.#default;
  }
}

function matches(rule: PolicyRule, attributes: AuthorizationAttributes): boolean {
  const { user, verb } = attributes;
  const {
    users = [],
    userGroups = [],
    verbs = [],
    namespaces = [],
    resources = [],
    nonResourceURLs = [],
  } = rule;
  if (users.length > 0 && !users.includes(user.name)) return false;
  if (userGroups.length > 0 && !user.groups.some((group) => userGroups.includes(group))) return false;
  if (verbs.length > 0 && !verbs.includes(verb)) return false;
  if (namespaces.length > 0 || resources.length > 0) {
    if (!attributes.resourceRequest) return false;
    if (namespaces.length > 0 && !namespaces.includes(attributes.namespace)) return false;
    return resources.length === 0 || resources.some((entry) => matchesResource(entry, attributes));
  }
  if (nonResourceURLs.length === 0) return true;
  return (
    !attributes.resourceRequest && nonResourceURLs.some((pattern) => matchesPath(pattern, attributes.path))
  );
}

function matchesResource(
  { group = '', resources = [], resourceNames = [] }: GroupResources,
  { group: asked, resource, subresource, name }: AuthorizationAttributes,
): boolean {
  if (group !== asked && group !== '*') return false;
  if (resources.length === 0) return true;
  if (resourceNames.length > 0 && !resourceNames.includes(name)) return false;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  const patterns = ['*', whole, `${resource}/*`, ...(subresource === '' ? [] : [`*/${subresource}`])];
  return resources.some((pattern) => patterns.includes(pattern));
}

function matchesPath(pattern: string, path: string): boolean {
  return (
    pattern === '*' ||
    pattern === path ||
    (pattern.endsWith('*') && path.startsWith(pattern.replace(/\*+$/, '')))
  );
}

/** Models apis/audit/validation/validation.go. */
function validateRule(rule: PolicyRule, index: number): FieldError[] {
  const { level, nonResourceURLs = [], resources = [], namespaces = [], omitStages = [] } = rule;
  const path = `rules[${index}]`;
  const urls = `${path}.nonResourceURLs`;
  return [
    ...(level === undefined || (level as string) === '' ? [required(`${path}.level`, '')] : []),
    ...(level && !LEVELS.includes(level) ? [notSupported(`${path}.level`, level, LEVELS)] : []),
    ...nonResourceURLs.flatMap((url, at) => validateUrl(url, `${urls}[${at}]`)),
    ...resources.flatMap((entry) => validateResources(entry, `${path}.resources`)),
    ...validateStages(omitStages, `${path}.omitStages`),
    ...(nonResourceURLs.length > 0 && (resources.length > 0 || namespaces.length > 0)
      ? [
          invalid(
            urls,
            [...nonResourceURLs],
            'rules cannot apply to both regular resources and non-resource URLs',
          ),
        ]
      : []),
  ];
}

function validateUrl(url: string, path: string): FieldError[] {
  if (url === '*') return [];
  return [
    ...(url.startsWith('/')
      ? []
      : [invalid(path, url, "non-resource URL rules must begin with a '/' character")]),
    ...(url.slice(0, -1).includes('*')
      ? [invalid(path, url, "non-resource URL wildcards '*' must be the final character of the rule")]
      : []),
  ];
}

function validateResources(
  { group = '', resources = [], resourceNames = [] }: GroupResources,
  path: string,
): FieldError[] {
  const complaints = group === '' || group === '*' ? [] : isDNS1123Subdomain(group);
  return [
    ...(complaints.length > 0 ? [invalid(`${path}.group`, group, complaints.join(','))] : []),
    ...(resourceNames.length > 0 && resources.length === 0
      ? [
          invalid(
            `${path}.resourceNames`,
            [...resourceNames],
            'using resourceNames requires at least one resource',
          ),
        ]
      : []),
  ];
}

function validateStages(stages: readonly string[], path: string): FieldError[] {
  return stages.flatMap((stage, index) =>
    STAGES.some((known) => known === stage)
      ? []
      : [invalid(`${path}[${index}]`, stage, `allowed stages are ${STAGES.join(',')}`)],
  );
}

function aggregate(errors: readonly FieldError[]): string {
  const texts = errors.map(({ message }) => message);
  return texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
}
