import { encodeBase64 } from '../apiserver/registry/core/secret/base64.ts';
import type { HttpHandler } from '../apimachinery/http.ts';
import type { JsonObject } from '../apimachinery/object.ts';

/** What a webhook decides: `patch` is a JSON patch; other fields of the response as they are. */
export interface WebhookDecision {
  readonly allowed: boolean;
  readonly patch?: readonly object[];
  readonly status?: object;
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

/** A small admission webhook: answers each AdmissionReview as `decide` says of its request. */
export function webhookServer(decide: (request: JsonObject) => WebhookDecision): HttpHandler {
  return async ({ body }) => {
    const review = JSON.parse(body) as { apiVersion: string; request: JsonObject };
    const { patch, ...decision } = decide(review.request);
    const response = {
      uid: review.request['uid'],
      ...decision,
      ...(patch !== undefined && { patch: encodeBase64(JSON.stringify(patch)), patchType: 'JSONPatch' }),
    };
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'AdmissionReview', apiVersion: review.apiVersion, response }),
    };
  };
}
