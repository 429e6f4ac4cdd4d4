import { deepCopy, deepEqual } from '../../../../../apimachinery/copy.ts';
import type { Json, JsonObject, KubeObject } from '../../../../../apimachinery/object.ts';
import type { JsonPatchOperation } from '../../../../../apimachinery/patch/json-patch.ts';
import { applyJsonPatch, JsonPatchError } from '../../../../../apimachinery/patch/json-patch.ts';
import { schemaOf } from '../../../../../apimachinery/schema/schema.ts';
import { StatusError } from '../../../../../apimachinery/status.ts';
import { AtomResolver } from '../../../../../apimachinery/structured-merge-diff/atom.ts';
import { problemsText, validate } from '../../../../../apimachinery/structured-merge-diff/validate.ts';
import { activationOf, PolicyCompiler, withVariables } from '../../../../cel/admission.ts';
import { Budget, OutOfBudget } from '../../../../cel/budget.ts';
import type { Program } from '../../../../cel/compile.ts';
import { CompilationError, ExpressionError } from '../../../../cel/errors.ts';
import { jsonOf } from '../../../../cel/values.ts';
import type {
  MutatingPolicySpec,
  Policy,
  PolicyBinding,
} from '../../../../registry/admissionregistration/types.ts';
import type { ResourceDefinition } from '../../../../registry/rest/resource.ts';
import type { ServerServices } from '../../../../registry/rest/server-services.ts';
import { admissionForbidden } from '../../../errors.ts';
import type { AdmissionAttributes } from '../../../plugin.ts';
import { ReinvocationContext } from '../../../reinvocation.ts';
import { definitionOf, replaceObject } from '../../../replace.ts';
import type { CompiledCondition } from '../generic/match-conditions.ts';
import { conditionsHold } from '../generic/match-conditions.ts';
import { matchesResources } from '../generic/matcher.ts';
import { namespaceOf } from '../generic/namespace.ts';
import { collectParams, ConfigurationError, paramKindFault } from '../generic/params.ts';
import type { PolicyHook } from '../generic/source.ts';
import { ByRevision } from '../generic/source.ts';
import { applyConfiguration, AtomicError } from './merge.ts';

interface CompiledPolicy {
  readonly conditions: readonly CompiledCondition[];
  readonly variables: PolicyCompiler['variables'];
  readonly mutations: readonly {
    readonly type: 'ApplyConfiguration' | 'JSONPatch';
    readonly program: Program;
  }[];
}

/** Types as patches are checked against them; each is resolved once. */
const ATOMS = new AtomResolver();

/** A mutation that cannot be done; denies under the failure policy Fail. */
class MutationError extends Error {
  override readonly name = 'MutationError';
}

/**
 * Runs all policies that are about a request; each sees what those before it made.
 * Models k8s.io/apiserver/pkg/admission/plugin/policy/mutating/dispatcher.go.
 */
export class MutatingDispatcher {
  readonly #services: ServerServices;
  readonly #compiled = new ByRevision<CompiledPolicy | CompilationError>();

  constructor(services: ServerServices) {
    this.#services = services;
  }

  async dispatch(
    attributes: AdmissionAttributes,
    hooks: readonly PolicyHook<MutatingPolicySpec>[],
  ): Promise<void> {
    const memory = (attributes.reinvocation ?? new ReinvocationContext()).memoryOf('MutatingAdmissionPolicy');
    memory.begin(attributes.object);
    const misconfigured: string[] = [];
    const failed: string[] = [];
    for (const { policy, bindings } of hooks) {
      if (!(await matchesResources(policy.spec.matchConstraints, attributes, this.#services))) continue;
      const fault = paramKindFault(this.#services, policy.spec.paramKind);
      if (fault !== undefined) {
        if (policy.spec.failurePolicy !== 'Ignore') {
          misconfigured.push(`policy ${JSON.stringify(policy.metadata.name)} denied request: ${fault}`);
        }
        continue;
      }
      for (const binding of bindings) {
        if (!(await matchesResources(binding.spec.matchResources, attributes, this.#services))) continue;
        const fail = (message: string, failures = failed) => {
          if (policy.spec.failurePolicy === 'Ignore') return;
          failures.push(
            `policy '${policy.metadata.name!}' with binding '${binding.metadata.name!}' denied request: ${message}`,
          );
        };
        let params: readonly (KubeObject | undefined)[];
        try {
          const { paramKind } = policy.spec;
          params = await collectParams(
            this.#services,
            paramKind,
            binding.spec.paramRef,
            attributes.namespace,
          );
        } catch (error) {
          if (!(error instanceof ConfigurationError)) throw error;
          fail(`failed to configure binding: ${error.message}`, misconfigured);
          continue;
        }
        for (const param of params) {
          const key = invocationKey(policy, binding, param);
          if (!memory.mayRun(key)) continue;
          const before = deepCopy(attributes.object);
          await this.#mutate(policy, attributes, param, fail);
          const changed = !deepEqual(before, attributes.object);
          memory.ran(key, changed, policy.spec.reinvocationPolicy === 'IfNeeded');
        }
      }
    }
    memory.end(attributes.object);
    const reason = misconfigured.length > 0 ? 'Forbidden' : 'Invalid';
    const failures = [...misconfigured, ...failed];
    if (failures.length > 0) throw refusal(attributes, failures, reason);
  }

  async #mutate(
    policy: Policy<MutatingPolicySpec>,
    attributes: AdmissionAttributes,
    params: KubeObject | undefined,
    fail: (message: string) => void,
  ): Promise<void> {
    const compiled = this.#compiled.get(policy, () => compilePolicy(policy));
    if (compiled instanceof CompilationError) {
      fail(compiled.message);
      return;
    }
    const { authorizer, reader, registry } = this.#services;
    const namespaceObject = await namespaceOf(attributes, reader);
    const definition = definitionOf(registry.definitions(), attributes.resource);
    const base = () => activationOf({ attributes, authorizer, namespaceObject, params });
    const budget = Budget.ofValidations();
    try {
      if (!(await conditionsHold(compiled.conditions, base(), policy.spec.failurePolicy ?? 'Fail'))) return;
      for (const { type, program } of compiled.mutations) {
        const variables = await withVariables(base(), compiled.variables, budget);
        const result = jsonOf(await budget.evaluate(program, variables));
        const object = attributes.object as unknown as JsonObject;
        const next = type === 'JSONPatch' ? patched(object, result) : applied(object, result, definition);
        if (!deepEqual(next, object)) replaceObject(attributes.object!, next, definition);
      }
    } catch (error) {
      const isKnown =
        error instanceof ExpressionError || error instanceof MutationError || error instanceof OutOfBudget;
      if (!isKnown) throw error;
      fail(error.message);
    }
  }
}

function patched(object: JsonObject, operations: Json | undefined): JsonObject {
  if (!Array.isArray(operations)) {
    throw new MutationError('type mismatch: JSONPatchType.expression should evaluate to array');
  }
  try {
    return applyJsonPatch(object, operations as unknown as readonly JsonPatchOperation[]) as JsonObject;
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    // A test that fails is a condition that does not hold.
    if (error.message.endsWith('test failed')) return object;
    throw new MutationError(`JSON Patch: ${error.message}`);
  }
}

function applied(
  object: JsonObject,
  patch: Json | undefined,
  definition: ResourceDefinition | undefined,
): JsonObject {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    throw new MutationError(`unsupported return type from ApplyConfiguration expression: ${typeof patch}`);
  }
  const type =
    definition?.custom?.type ?? (definition === undefined ? undefined : schemaOf(definition.schema));
  const problems = validate(ATOMS.object(type), patch);
  if (problems.length > 0) {
    throw new MutationError(
      `error applying patch: failed to convert patch object to typed object: ${problemsText(problems)}`,
    );
  }
  try {
    return applyConfiguration(object, patch, type);
  } catch (error) {
    if (!(error instanceof AtomicError)) throw error;
    throw new MutationError(`error applying patch: invalid ApplyConfiguration: ${error.message}`);
  }
}

function compilePolicy({ spec }: Policy<MutatingPolicySpec>): CompiledPolicy | CompilationError {
  const compiler = new PolicyCompiler(spec, true);
  try {
    for (const { name, expression } of spec.variables ?? []) compiler.variable(name, expression);
    return {
      conditions: (spec.matchConditions ?? []).map(({ name, expression }) => ({
        name,
        program: compiler.matchCondition(expression.trim()),
      })),
      variables: compiler.variables,
      mutations: (spec.mutations ?? []).map(({ patchType, jsonPatch, applyConfiguration: apply }) => {
        const type = patchType as 'ApplyConfiguration' | 'JSONPatch';
        return { type, program: compiler.mutation((jsonPatch ?? apply)!.expression, type) };
      }),
    };
  } catch (error) {
    if (error instanceof CompilationError) return error;
    throw error;
  }
}

const invocationKey = (
  policy: Policy<MutatingPolicySpec>,
  binding: PolicyBinding,
  param: KubeObject | undefined,
) =>
  JSON.stringify([
    policy.metadata.name,
    binding.metadata.name,
    param?.metadata.namespace,
    param?.metadata.name,
  ]);

/** Models policy/generic/policy_dispatcher.go: the first failure is the message, all are causes. */
function refusal(
  attributes: AdmissionAttributes,
  failures: readonly string[],
  reason: 'Forbidden' | 'Invalid',
): StatusError {
  const { status } = admissionForbidden(attributes, 'admission request denied by policy');
  const causes = failures.map((message) => ({ message }));
  return new StatusError(403, reason, failures[0]!, { ...status.details, causes });
}
