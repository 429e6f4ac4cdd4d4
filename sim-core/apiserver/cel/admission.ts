import type { Json, KubeObject } from '../../apimachinery/object.ts';
import { apiVersionOf } from '../../apimachinery/object.ts';
import { requestOf } from '../admission/admission-request.ts';
import type { AdmissionAttributes } from '../admission/plugin.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { Declarations } from './checker/checker.ts';
import { typeOf } from './checker/declarations.ts';
import type { Type } from './checker/types.ts';
import { BOOL, DYN, formatType, listType, NULL, objectType, sameType, STRING } from './checker/types.ts';
import type { Program } from './compile.ts';
import type { Budget } from './budget.ts';
import { compile } from './compile.ts';
import { CompilationError, ExpressionError } from './errors.ts';
import type { Variables } from './interpreter.ts';
import { CelAuthorizer, CelResourceCheck } from './library/authorizer.ts';
import { FUNCTIONS, MUTATION_FUNCTIONS } from './library/declarations.ts';
import { celValue } from './values.ts';

const METADATA = {
  name: 'string',
  generateName: 'string',
  namespace: 'string',
  labels: 'map<string, string>',
  annotations: 'map<string, string>',
  UID: 'string',
  creationTimestamp: 'timestamp',
  deletionGracePeriodSeconds: 'int',
  deletionTimestamp: 'timestamp',
  generation: 'int',
  resourceVersion: 'string',
  finalizers: 'list<string>',
};

/** The fields of what is declared; a name with a dot is an object type. Models pkg/admission/plugin/cel/compile.go. */
const OBJECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'kubernetes.GroupVersionKind': { group: 'string', version: 'string', kind: 'string' },
  'kubernetes.GroupVersionResource': { group: 'string', version: 'string', resource: 'string' },
  'kubernetes.UserInfo': {
    username: 'string',
    uid: 'string',
    groups: 'list<string>',
    extra: 'map<string, list<string>>',
  },
  'kubernetes.AdmissionRequest': {
    kind: 'kubernetes.GroupVersionKind',
    resource: 'kubernetes.GroupVersionResource',
    subResource: 'string',
    requestKind: 'kubernetes.GroupVersionKind',
    requestResource: 'kubernetes.GroupVersionResource',
    requestSubResource: 'string',
    name: 'string',
    namespace: 'string',
    operation: 'string',
    userInfo: 'kubernetes.UserInfo',
    dryRun: 'bool',
    options: 'dyn',
  },
  'kubernetes.NamespaceMetadata': METADATA,
  'kubernetes.NamespaceSpec': { finalizers: 'list<string>' },
  'kubernetes.NamespaceCondition': {
    status: 'string',
    type: 'string',
    lastTransitionTime: 'timestamp',
    message: 'string',
    reason: 'string',
  },
  'kubernetes.NamespaceStatus': { conditions: 'list<kubernetes.NamespaceCondition>', phase: 'string' },
  'kubernetes.Namespace': {
    metadata: 'kubernetes.NamespaceMetadata',
    spec: 'kubernetes.NamespaceSpec',
    status: 'kubernetes.NamespaceStatus',
  },
  JSONPatch: { op: 'string', path: 'string', from: 'string', value: 'dyn' },
};

function declaredType(text: string): Type {
  const items = /^list<(kubernetes\..*)>$/.exec(text)?.[1];
  if (items !== undefined) return listType(objectType(items));
  return text.startsWith('kubernetes.') ? objectType(text) : typeOf(text);
}

function fieldOf(object: string, field: string): Type | undefined {
  const fields = OBJECTS[object]!;
  if (!Object.hasOwn(fields, field)) return undefined;
  return declaredType(fields[field]!);
}

const JSON_PATCH = objectType('JSONPatch');
/** The object under mutation and its parts, whose fields are not known: Object.spec{…}. */
const isObjectType = (name: string) => /^Object(?:\.|$)/.test(name);

interface Options {
  readonly hasParams: boolean;
  readonly hasAuthorizer: boolean;
  /** Of policies, which newer versions have, messages say more than of webhooks. */
  readonly isPolicy: boolean;
  readonly isMutation?: boolean;
  /** Types of a policy's variables. */
  readonly variables?: ReadonlyMap<string, Type>;
}

/** What expressions about an admission request may speak of. */
function declarationsOf({
  hasParams,
  hasAuthorizer,
  isMutation,
  variables,
  isPolicy,
}: Options): Declarations {
  return {
    variables: new Map<string, Type>([
      ['object', DYN],
      ['oldObject', DYN],
      ['namespaceObject', objectType('kubernetes.Namespace')],
      ['request', objectType('kubernetes.AdmissionRequest')],
      ...(variables === undefined ? [] : ([['variables', objectType('kubernetes.variables')]] as const)),
      ...(hasParams ? ([['params', DYN]] as const) : []),
      ...(hasAuthorizer
        ? ([
            ['authorizer', typeOf('Authorizer')],
            ['authorizer.requestResource', typeOf('ResourceCheck')],
          ] as const)
        : []),
    ]),
    celGo: isPolicy ? '0.26' : '0.16',
    functions: isMutation === true ? MUTATION_FUNCTIONS : FUNCTIONS,
    fieldsOf: (type) => {
      if (type === 'kubernetes.variables') return (field) => variables?.get(field);
      if (isObjectType(type)) return () => DYN;
      return Object.hasOwn(OBJECTS, type) ? (field) => fieldOf(type, field) : undefined;
    },
    ...(isMutation === true && {
      messageType: (name: string) =>
        name === 'JSONPatch' ? JSON_PATCH : isObjectType(name) ? objectType(name) : undefined,
    }),
  };
}

/** As cel-go's own types are written: list(JSONPatch), null_type. */
const shown = (type: Type) => (type.kind === 'null' ? 'null_type' : formatType(type, 'optional_type'));

/** Compiles what has to come to a value of one of these types. Throws a CompilationError. */
function compileTo(types: readonly Type[], options: Options, expression: string): Program {
  const program = compile(declarationsOf(options), expression);
  if (!types.some((type) => sameType(type, program.type))) {
    const names = types.map(shown);
    const wanted = names.length === 1 ? names[0]! : `one of [${names.join(' ')}]`;
    throw new CompilationError(
      `must evaluate to ${wanted}${options.isPolicy ? ` but got ${shown(program.type)}` : ''}`,
    );
  }
  if (program.fault === undefined) return program;
  throw new CompilationError(`program instantiation failed: ${program.fault}`, true);
}

/** Checks a match condition of a webhook, or of a policy. Throws a CompilationError. */
export function compileMatchCondition(expression: string, policy?: { readonly hasParams: boolean }): Program {
  const isPolicy = policy !== undefined;
  return compileTo(
    [BOOL],
    { hasParams: policy?.hasParams ?? false, hasAuthorizer: true, isPolicy },
    expression,
  );
}

/** One variable of a policy. */
interface NamedProgram {
  readonly name: string;
  readonly program: Program;
}

/** What of a policy's spec decides which variables there are. */
interface PolicyParts {
  readonly paramKind?: object;
  readonly variables?: readonly object[];
}

/**
 * Compiles the expressions of one policy: variables first, in order, then whatever uses them.
 * All functions throw a CompilationError. Models pkg/admission/plugin/cel/composition.go.
 */
export class PolicyCompiler {
  readonly #hasParams: boolean;
  readonly #isMutation: boolean;
  readonly #variables: NamedProgram[] = [];
  /** undefined if the policy has none: then no expression can name them. */
  readonly #types: Map<string, Type> | undefined;

  constructor({ paramKind, variables = [] }: PolicyParts, isMutation = false) {
    this.#hasParams = paramKind !== undefined;
    this.#isMutation = isMutation;
    this.#types = variables.length > 0 ? new Map() : undefined;
  }

  get variables(): readonly NamedProgram[] {
    return this.#variables;
  }

  variable(name: string, expression: string): void {
    try {
      const program = compile(declarationsOf(this.#options(true)), expression);
      this.#variables.push({ name, program });
      this.#types?.set(name, program.type);
    } catch (error) {
      // What uses a broken variable is not blamed for it.
      this.#types?.set(name, DYN);
      throw error;
    }
  }

  matchCondition(expression: string): Program {
    return this.#to([BOOL], expression, true);
  }

  validation(expression: string): Program {
    return this.#to([BOOL], expression, true);
  }

  message(expression: string): Program {
    return this.#to([STRING], expression, false);
  }

  annotation(expression: string): Program {
    return this.#to([STRING, NULL], expression, true);
  }

  mutation(expression: string, type: 'ApplyConfiguration' | 'JSONPatch'): Program {
    const wanted = type === 'JSONPatch' ? listType(JSON_PATCH) : objectType('Object');
    return this.#to([wanted], expression, true);
  }

  #to(types: readonly Type[], expression: string, hasAuthorizer: boolean): Program {
    return compileTo(types, this.#options(hasAuthorizer), expression);
  }

  #options(hasAuthorizer: boolean): Options {
    return {
      hasParams: this.#hasParams,
      hasAuthorizer,
      isPolicy: true,
      isMutation: this.#isMutation,
      ...(this.#types !== undefined && { variables: this.#types }),
    };
  }
}

/** What expressions see of one request. */
export interface Activation {
  readonly attributes: AdmissionAttributes;
  readonly authorizer: Authorizer;
  /** Undefined for what is in no namespace. */
  readonly namespaceObject: KubeObject | undefined;
  /** Undefined without parameters. */
  readonly params?: KubeObject | undefined;
}

/** The values of a request's variables. Models pkg/admission/plugin/cel/activation.go. */
export function activationOf(activation: Activation): Variables {
  const { attributes, authorizer, namespaceObject, params } = activation;
  return {
    object: celValue(attributes.object as unknown as Json | undefined),
    oldObject: celValue(attributes.oldObject as unknown as Json | undefined),
    namespaceObject: celValue(namespaceObject as unknown as Json | undefined),
    request: celValue(requestOf(attributes)),
    params: celValue(params as unknown as Json | undefined),
    ...authorizerOf(attributes, authorizer),
  };
}

/** Evaluates a policy's variables: each one may use those before it, and fails only whoever uses it. */
export async function withVariables(
  base: Variables,
  programs: readonly NamedProgram[],
  budget: Budget,
): Promise<Variables> {
  const variables = new PolicyVariables();
  const all = { ...base, variables };
  for (const { name, program } of programs) {
    try {
      variables.set(name, await budget.value(program, all));
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const message = `composited variable ${JSON.stringify(name)} fails to evaluate: ${error.message}`;
      variables.set(name, new ExpressionError(message));
    }
  }
  return all;
}

/** What "variables" is; one that failed is told of when it is read. */
class PolicyVariables {
  readonly typeName = 'kubernetes.variables';
  readonly #values = new Map<string, unknown>();

  set(name: string, value: unknown): void {
    this.#values.set(name, value);
  }

  fieldOf(name: string): unknown {
    const value = this.#values.get(name);
    if (value instanceof ExpressionError) throw value;
    return value;
  }
}

/** Asks for the request's user; authorizer.requestResource is about what the request is about. */
function authorizerOf(attributes: AdmissionAttributes, authorizer: Authorizer): Variables {
  const asker = new CelAuthorizer(authorizer, attributes.user);
  const { group, resource } = attributes.resource;
  const { subresource, namespace, name } = attributes;
  return {
    authorizer: asker,
    'authorizer.requestResource': new CelResourceCheck(asker, {
      group,
      resource,
      subresource,
      namespace,
      name,
    }),
  };
}

/** "v1" "ConfigMap" of a policy's paramKind, as groups and versions are compared. */
export const isParamKind = (
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  definition: { readonly group: string; readonly version: string; readonly kind: string },
) => apiVersionOf(definition) === apiVersion && definition.kind === kind;
