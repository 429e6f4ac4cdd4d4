import type { Json, JsonObject } from '../../../../apimachinery/object.ts';
import type { Status } from '../../../../apimachinery/status.ts';
import { requestOf } from '../../admission-request.ts';
import type { AdmissionAttributes } from '../../plugin.ts';
import { decodeBase64 } from '../../../registry/core/secret/base64.ts';
import { CallError } from '../../../util/webhook/client.ts';

const API_VERSIONS: Readonly<Record<string, string>> = {
  v1: 'admission.k8s.io/v1',
  v1beta1: 'admission.k8s.io/v1beta1',
};

/** What a webhook answers. */
export interface AdmissionResponse {
  readonly allowed: boolean;
  readonly result: Partial<Status> | undefined;
  readonly patch: readonly Json[];
  readonly warnings: readonly string[];
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

/**
 * The question to a webhook, in the first version that both sides know. Throws a CallError if there is none.
 * Models webhook/request/admissionreview.go.
 */
export function admissionReview(
  attributes: AdmissionAttributes,
  versions: readonly string[],
  uid: string,
): JsonObject {
  const version = versions.find((known) => API_VERSIONS[known] !== undefined);
  if (version === undefined) {
    throw new CallError(
      'could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)',
    );
  }
  return {
    kind: 'AdmissionReview',
    apiVersion: API_VERSIONS[version]!,
    request: {
      uid,
      ...requestOf(attributes),
      object: (attributes.object as unknown as Json | undefined) ?? null,
      oldObject: (attributes.oldObject as unknown as Json | undefined) ?? null,
    },
  };
}

/** Reads the answer to `review`. Throws a CallError for one that is not right. Models VerifyAdmissionResponse. */
export function admissionResponse(
  review: JsonObject,
  answer: JsonObject,
  mutating: boolean,
): AdmissionResponse {
  const invalid = (text: string) => new CallError(`received invalid webhook response: ${text}`);
  const response = answer['response'] as JsonObject | null | undefined;
  if (response === undefined || response === null) throw invalid('webhook response was absent');
  const { patch = '', patchType } = response as { patch?: string; patchType?: string };
  if (review['apiVersion'] === API_VERSIONS['v1']) {
    const uid = (review['request'] as JsonObject)['uid'] as string;
    if (response['uid'] !== uid) {
      throw invalid(
        `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response['uid'] ?? '')}`,
      );
    }
    const { kind, apiVersion } = answer as { kind?: string; apiVersion?: string };
    if (kind !== 'AdmissionReview' || apiVersion !== review['apiVersion']) {
      throw invalid(
        `expected webhook response of ${review['apiVersion'] as string}, Kind=AdmissionReview, got ${apiVersion ?? ''}, Kind=${kind ?? ''}`,
      );
    }
    if (mutating && patch !== '' && patchType === undefined) {
      throw invalid('webhook returned response.patch but not response.patchType');
    }
    if (mutating && patch === '' && patchType !== undefined) {
      throw invalid('webhook returned response.patchType but not response.patch');
    }
    if (!mutating && patch !== '') throw invalid('validating webhook may not return response.patch');
    if (!mutating && patchType !== undefined)
      throw invalid('validating webhook may not return response.patchType');
    if (patchType !== undefined && patchType !== 'JSONPatch') {
      throw new CallError(`unsupported patch type ${JSON.stringify(patchType)}`);
    }
  }
  return {
    allowed: response['allowed'] === true,
    result: (response['status'] ?? response['result']) as Partial<Status> | undefined,
    patch: patch === '' ? [] : operations(patch),
    warnings: (response['warnings'] ?? []) as string[],
    auditAnnotations: (response['auditAnnotations'] ?? {}) as Record<string, string>,
  };
}

/** A patch is JSON as base64. */
function operations(patch: string): Json[] {
  try {
    const escaped = [...decodeBase64(patch)].map(
      (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
    const value = JSON.parse(decodeURIComponent(escaped.join(''))) as Json;
    if (Array.isArray(value)) return value;
    throw new Error('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  } catch (error) {
    throw new CallError(`received undecodable patch in webhook response: ${(error as Error).message}`);
  }
}
