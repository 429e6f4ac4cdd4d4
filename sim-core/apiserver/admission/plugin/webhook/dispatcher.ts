import { deepCopy, semanticEqual } from '../../../../apimachinery/copy.ts';
import type { JsonObject, KubeObject } from '../../../../apimachinery/object.ts';
import type { JsonPatchOperation } from '../../../../apimachinery/patch/json-patch.ts';
import { applyJsonPatch, JsonPatchError } from '../../../../apimachinery/patch/json-patch.ts';
import type { Status } from '../../../../apimachinery/status.ts';
import { badRequestError, internalError, StatusError } from '../../../../apimachinery/status.ts';
import { activationOf, compileMatchCondition } from '../../../cel/admission.ts';
import { ExpressionError } from '../../../cel/errors.ts';
import type { Webhook } from '../../../registry/admissionregistration/types.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { CallError, WebhookClient } from '../../../util/webhook/client.ts';
import { admissionForbidden } from '../../errors.ts';
import type { AdmissionAttributes } from '../../plugin.ts';
import { ReinvocationContext } from '../../reinvocation.ts';
import { definitionOf, replaceObject } from '../../replace.ts';
import { matchesNamespace, matchesObject, matchesRule } from '../matching.ts';
import { equivalents } from '../policy/generic/matcher.ts';
import type { CompiledCondition } from '../policy/generic/match-conditions.ts';
import { conditionsHold } from '../policy/generic/match-conditions.ts';
import { ByRevision } from '../policy/generic/source.ts';
import type { WebhookHook } from './admission.ts';
import type { AdmissionResponse } from './admission-review.ts';
import { admissionResponse, admissionReview } from './admission-review.ts';

const DEFAULT_TIMEOUT = 10;

/**
 * Asks the webhooks that are about a request: mutating ones in order, validating ones all at once.
 * Models k8s.io/apiserver/pkg/admission/plugin/webhook/{mutating,validating}/dispatcher.go.
 */
export class WebhookDispatcher {
  readonly #services: ServerServices;
  readonly #client: WebhookClient;
  readonly #conditions = new ByRevision<Map<string, readonly CompiledCondition[]>>();

  constructor(services: ServerServices) {
    this.#services = services;
    this.#client = new WebhookClient(services);
  }

  /** Rejects as the first webhook that denies, or that cannot be called although it must. */
  async mutate(attributes: AdmissionAttributes, hooks: readonly WebhookHook[]): Promise<void> {
    const context = attributes.reinvocation ?? new ReinvocationContext();
    const memory = context.memoryOf('MutatingAdmissionWebhook');
    const round = context.isReinvoke ? 1 : 0;
    memory.begin(attributes.object);
    for (const [index, hook] of hooks.entries()) {
      if (!(await this.#applies(hook, attributes)) || !memory.mayRun(hook.uid)) continue;
      const place = `round_${round}_index_${index}`;
      const before = deepCopy(attributes.object);
      try {
        const response = await this.#call(hook.webhook, attributes, true);
        this.#patch(hook, response, attributes, place);
      } catch (error) {
        this.#failed(
          hook.webhook,
          error,
          attributes,
          `failed-open.mutation.webhook.admission.k8s.io/${place}`,
        );
      }
      const changed = !semanticEqual(before, attributes.object);
      const mutated = {
        configuration: hook.configuration.metadata.name,
        webhook: hook.webhook.name,
        mutated: changed,
      };
      attributes.annotate?.(`mutation.webhook.admission.k8s.io/${place}`, JSON.stringify(mutated));
      memory.ran(hook.uid, changed, hook.webhook.reinvocationPolicy === 'IfNeeded');
    }
    memory.end(attributes.object);
  }

  async validate(attributes: AdmissionAttributes, hooks: readonly WebhookHook[]): Promise<void> {
    const relevant: WebhookHook[] = [];
    for (const hook of hooks) if (await this.#applies(hook, attributes)) relevant.push(hook);
    const results = await Promise.allSettled(
      relevant.map(async ({ webhook }, index) => {
        try {
          await this.#call(webhook, attributes, false);
        } catch (error) {
          const key = `failed-open.validating.webhook.admission.k8s.io/round_0_index_${index}`;
          this.#failed(webhook, error, attributes, key);
        }
      }),
    );
    const refused = results.find((result) => result.status === 'rejected');
    if (refused !== undefined) throw refused.reason;
  }

  /** Models webhook/generic/webhook.go ShouldCallHook. */
  async #applies(hook: WebhookHook, attributes: AdmissionAttributes): Promise<boolean> {
    const {
      rules = [],
      matchPolicy,
      namespaceSelector,
      objectSelector,
      failurePolicy = 'Fail',
    } = hook.webhook;
    if (!matchesObject(objectSelector, attributes)) return false;
    const requests = [
      attributes,
      ...(matchPolicy === 'Exact' ? [] : equivalents(attributes, this.#services)),
    ];
    if (!rules.some((rule) => requests.some((request) => matchesRule(rule, request)))) return false;
    if (!(await matchesNamespace(namespaceSelector, attributes, this.#services.reader))) return false;
    const conditions = this.#conditionsOf(hook);
    if (conditions.length === 0) return true;
    const { authorizer } = this.#services;
    try {
      const variables = activationOf({ attributes, authorizer, namespaceObject: undefined });
      return await conditionsHold(conditions, variables, failurePolicy);
    } catch (error) {
      if (error instanceof ExpressionError) throw admissionForbidden(attributes, error.message);
      throw error;
    }
  }

  #conditionsOf({ configuration, webhook, uid }: WebhookHook): readonly CompiledCondition[] {
    const all = this.#conditions.get(configuration, () => new Map());
    let compiled = all.get(uid);
    if (compiled === undefined) {
      compiled = (webhook.matchConditions ?? []).map(({ name, expression }) => ({
        name,
        program: compileMatchCondition(expression.trim()),
      }));
      all.set(uid, compiled);
    }
    return compiled;
  }

  /** Rejects with a CallError, or with a StatusError if the webhook denies. */
  async #call(
    webhook: Webhook,
    attributes: AdmissionAttributes,
    mutating: boolean,
  ): Promise<AdmissionResponse> {
    const { name, sideEffects, clientConfig, timeoutSeconds = DEFAULT_TIMEOUT } = webhook;
    if (attributes.dryRun && sideEffects !== 'None' && sideEffects !== 'NoneOnDryRun') {
      throw badRequestError(`admission webhook ${JSON.stringify(name)} does not support dry run`);
    }
    const uid = this.#services.rand.uuid();
    const review = admissionReview(attributes, webhook.admissionReviewVersions ?? [], uid);
    const answer = await this.#client.post(clientConfig, review, timeoutSeconds);
    const response = admissionResponse(review, answer, mutating);
    for (const [key, value] of Object.entries(response.auditAnnotations)) {
      attributes.annotate?.(`${name}/${key}`, value);
    }
    for (const text of response.warnings) attributes.warn(text);
    if (!response.allowed) throw denied(name, response.result);
    return response;
  }

  #patch(
    { webhook, configuration }: WebhookHook,
    { patch }: AdmissionResponse,
    attributes: AdmissionAttributes,
    place: string,
  ): void {
    if (patch.length === 0) return;
    const { object } = attributes;
    if (object === undefined) {
      throw internalError(
        `admission webhook ${JSON.stringify(webhook.name)} attempted to modify the object, which is not supported for this operation`,
      );
    }
    let next: JsonObject;
    try {
      next = applyJsonPatch(
        object as unknown as JsonObject,
        patch as unknown as readonly JsonPatchOperation[],
      ) as JsonObject;
    } catch (error) {
      if (error instanceof JsonPatchError) throw internalError(error.message);
      throw error;
    }
    const definition = definitionOf(this.#services.registry.definitions(), attributes.resource);
    replaceObject(object, next, isOwnKind(attributes, object) ? definition : undefined);
    attributes.annotate?.(
      `patch.webhook.admission.k8s.io/${place}`,
      JSON.stringify({
        configuration: configuration.metadata.name,
        webhook: webhook.name,
        patch,
        patchType: 'JSONPatch',
      }),
    );
  }

  /** A webhook that cannot be called lets the request pass if its failure policy is Ignore. */
  #failed(webhook: Webhook, error: unknown, attributes: AdmissionAttributes, annotation: string): void {
    if (!(error instanceof CallError)) throw error;
    if (webhook.failurePolicy === 'Ignore') attributes.annotate?.(annotation, webhook.name);
    else throw internalError(`failed calling webhook ${JSON.stringify(webhook.name)}: ${error.message}`);
  }
}

/** A subresource of another kind (Scale, Eviction) is not decoded as its parent. */
const isOwnKind = ({ kind, subresource }: AdmissionAttributes, object: KubeObject) =>
  subresource === '' || subresource === 'status' ? kind.kind === object.kind : false;

/** Models webhook/errors/statuserror.go ToStatusErr. */
function denied(webhook: string, result: Partial<Status> = {}): StatusError {
  const by = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const message = result.message
    ? `${by}: ${result.message}`
    : result.reason
      ? `${by}: ${result.reason}`
      : `${by} without explanation`;
  const code = Math.max(result.code ?? 0, 400);
  return new StatusError(code, result.reason ?? '', message, result.details);
}
