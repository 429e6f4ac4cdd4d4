import { Environment } from '@marcbachmann/cel-js';
import {
  AUTHORIZER,
  CelAuthorizer,
  CelDecision,
  CelGroupCheck,
  CelPathCheck,
  CelResourceCheck,
} from './library/authorizer.ts';
import { EQUALITY, KUBERNETES } from './library/kubernetes.ts';
import { LISTS } from './library/lists.ts';
import { STRINGS } from './library/strings.ts';
import { CelCIDR, CelFormat, CelIP, CelQuantity, CelSemver, CelURL } from './library/types.ts';

class Sets {}
class IPs {}
class Formats {}
class Strings {}
class JSONPatches {}

/** Types of the libraries, by the class of their values. */
const TYPES = {
  Quantity: CelQuantity,
  URL: CelURL,
  IP: CelIP,
  CIDR: CelCIDR,
  Format: CelFormat,
  Semver: CelSemver,
  Authorizer: CelAuthorizer,
  PathCheck: CelPathCheck,
  GroupCheck: CelGroupCheck,
  ResourceCheck: CelResourceCheck,
  Decision: CelDecision,
  Sets,
  IPs,
  Formats,
  Strings,
  JSONPatches,
} as const;

/** What may be read of a type without a function. */
const FIELDS: Readonly<Record<string, Record<string, string>>> = {
  Authorizer: { requestResource: 'ResourceCheck' },
};

/** Names that functions stand behind: sets.contains(…). */
const NAMESPACES = {
  sets: ['Sets', Sets],
  ip: ['IPs', IPs],
  format: ['Formats', Formats],
  strings: ['Strings', Strings],
  jsonpatch: ['JSONPatches', JSONPatches],
} as const;

/** The largest expressions that are taken. Models pkg/apis/cel/config.go. */
const LIMITS = {
  maxAstNodes: 10_000,
  maxDepth: 100,
  maxListElements: 1000,
  maxMapEntries: 1000,
  maxCallArguments: 16,
};

/**
 * What every expression may use: CEL's own functions and those that Kubernetes adds.
 * Clone it and declare variables. Models pkg/cel/environment/base.go.
 */
export function baseEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: LIMITS,
  });
  for (const [name, ctor] of Object.entries(TYPES))
    environment.registerType(name, { ctor, fields: FIELDS[name] ?? {} });
  for (const [name, [type, Type]] of Object.entries(NAMESPACES)) {
    environment.registerConstant(name, type, new Type());
  }
  for (const [signature, run] of [...STRINGS, ...LISTS, ...KUBERNETES, ...AUTHORIZER]) {
    environment.registerFunction(signature, run);
  }
  for (const [type, equal] of Object.entries(EQUALITY)) {
    environment.registerOperator(`${type} == ${type}`, equal as (a: unknown, b: unknown) => boolean);
  }
  return environment;
}
