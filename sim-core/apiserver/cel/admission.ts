import type { Environment } from '@marcbachmann/cel-js';
import type { Json, KubeObject } from '../../apimachinery/object.ts';
import { apiVersionOf } from '../../apimachinery/object.ts';
import { requestOf } from '../admission/admission-request.ts';
import type { AdmissionAttributes } from '../admission/plugin.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { Program } from './compile.ts';
import { compile } from './compile.ts';
import { baseEnvironment } from './environment.ts';
import { ExpressionError } from './errors.ts';
import { CelAuthorizer, CelResourceCheck } from './library/authorizer.ts';
import { objectsAsMaps } from './object-literals.ts';
import { celValue } from './values.ts';

const REQUEST = {
  kind: 'dyn',
  resource: 'dyn',
  subResource: 'string',
  requestKind: 'dyn',
  requestResource: 'dyn',
  requestSubResource: 'string',
  name: 'string',
  namespace: 'string',
  operation: 'string',
  userInfo: 'dyn',
  dryRun: 'bool',
  options: 'dyn',
};
class AdmissionRequest {}
class Variables {}

/** The variables of an admission request, declared. Models pkg/admission/plugin/cel/compile.go. */
function admissionEnvironment(hasParams: boolean, hasAuthorizer: boolean): Environment {
  const environment = baseEnvironment()
    .registerType('kubernetes.AdmissionRequest', { ctor: AdmissionRequest, fields: REQUEST })
    .registerVariable('object', 'dyn')
    .registerVariable('oldObject', 'dyn')
    .registerVariable('namespaceObject', 'dyn')
    .registerVariable('request', 'kubernetes.AdmissionRequest');
  if (hasParams) environment.registerVariable('params', 'dyn');
  if (hasAuthorizer) environment.registerVariable('authorizer', 'Authorizer');
  return environment;
}

/** Checks a match condition. Throws a CompilationError. */
export function compileMatchCondition(expression: string, hasParams: boolean): Program {
  return compile(admissionEnvironment(hasParams, true), expression, ['bool']);
}

/** One variable of a policy. */
interface NamedProgram {
  readonly name: string;
  readonly program: Program;
}

/**
 * Compiles the expressions of one policy: variables first, in order, then whatever uses them.
 * All functions throw a CompilationError. Models pkg/admission/plugin/cel/composition.go.
 */
export class PolicyCompiler {
  readonly #hasParams: boolean;
  readonly #variables: NamedProgram[] = [];
  /** Made anew when a variable came. */
  #withAuthorizer: Environment | undefined;
  #without: Environment | undefined;

  constructor(hasParams: boolean) {
    this.#hasParams = hasParams;
  }

  get variables(): readonly NamedProgram[] {
    return this.#variables;
  }

  variable(name: string, expression: string): void {
    const program = compile(this.#environment(true), expression, []);
    this.#variables.push({ name, program });
    this.#withAuthorizer = this.#without = undefined;
  }

  validation(expression: string): Program {
    return compile(this.#environment(true), expression, ['bool']);
  }

  message(expression: string): Program {
    return compile(this.#environment(false), expression, ['string']);
  }

  annotation(expression: string): Program {
    return compile(this.#environment(true), expression, ['string', 'null_type']);
  }

  mutation(expression: string, type: 'ApplyConfiguration' | 'JSONPatch'): Program {
    const program = compile(this.#environment(true), objectsAsMaps(expression), []);
    return { ...program, expression, type };
  }

  #environment(hasAuthorizer: boolean): Environment {
    const known = hasAuthorizer ? this.#withAuthorizer : this.#without;
    if (known !== undefined) return known;
    const environment = admissionEnvironment(this.#hasParams, hasAuthorizer);
    if (this.#variables.length > 0) {
      const fields = Object.fromEntries(this.#variables.map(({ name, program }) => [name, program.type]));
      environment
        .registerType('kubernetes.variables', { ctor: Variables, fields })
        .registerVariable('variables', 'kubernetes.variables');
    }
    if (hasAuthorizer) this.#withAuthorizer = environment;
    else this.#without = environment;
    return environment;
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
export function activationOf(activation: Activation): Readonly<Record<string, unknown>> {
  const { attributes, authorizer, namespaceObject, params } = activation;
  return {
    object: celValue(attributes.object as unknown as Json | undefined),
    oldObject: celValue(attributes.oldObject as unknown as Json | undefined),
    namespaceObject: celValue(namespaceObject as unknown as Json | undefined),
    request: Object.assign(new AdmissionRequest(), celValue(requestOf(attributes))),
    params: celValue(params as unknown as Json | undefined),
    authorizer: authorizerOf(attributes, authorizer),
  };
}

/** Evaluates a policy's variables: each one may use those before it, and fails only whoever uses it. */
export async function withVariables(
  base: Readonly<Record<string, unknown>>,
  programs: readonly NamedProgram[],
): Promise<Readonly<Record<string, unknown>>> {
  if (programs.length === 0) return base;
  const variables = new Variables();
  const all = { ...base, variables };
  for (const { name, program } of programs) {
    try {
      const value = await program.evaluate(all);
      Object.defineProperty(variables, name, { value, enumerable: true });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const failure = new ExpressionError(
        `composited variable ${JSON.stringify(name)} fails to evaluate: ${error.message}`,
      );
      Object.defineProperty(variables, name, {
        enumerable: true,
        get: () => {
          throw failure;
        },
      });
    }
  }
  return all;
}

/** Asks for the request's user; authorizer.requestResource is about what the request is about. */
function authorizerOf(attributes: AdmissionAttributes, authorizer: Authorizer): CelAuthorizer {
  const asker = new CelAuthorizer(authorizer, attributes.user);
  const { group, resource } = attributes.resource;
  const { subresource, namespace, name } = attributes;
  asker.requestResource = new CelResourceCheck(asker, { group, resource, subresource, namespace, name });
  return asker;
}

/** "v1" "ConfigMap" of a policy's paramKind, as groups and versions are compared. */
export const isParamKind = (
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  definition: { readonly group: string; readonly version: string; readonly kind: string },
) => apiVersionOf(definition) === apiVersion && definition.kind === kind;
