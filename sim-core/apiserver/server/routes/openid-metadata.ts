import type { HttpResponse } from '../../../apimachinery/http.ts';
import { acceptOf, requireRoute } from '../../endpoints/handlers/negotiation.ts';
import { requireGet } from '../../endpoints/handlers/scope.ts';
import type { ServerRequest } from '../../endpoints/request.ts';
import type { ServerSettings } from '../../registry/rest/server-services.ts';
import type { AuthenticationConfig } from '../config.ts';

const CONFIGURATION_PATH = '/.well-known/openid-configuration';
const KEY_SET = 'application/jwk-set+json';
const KEYS_PATH = '/openid/v1/jwks';
const MAX_AGE_SECONDS = 3600;

/**
 * Tells others how to verify service account tokens: /.well-known/openid-configuration and /openid/v1/jwks.
 * Undefined for other paths. Models pkg/routes/openidmetadata.go.
 */
export async function openIdMetadata(
  request: ServerRequest,
  { serviceAccountIssuer, advertiseAddress, securePort }: ServerSettings,
  authentication: AuthenticationConfig,
): Promise<HttpResponse | undefined> {
  const { path } = request;
  if (path !== CONFIGURATION_PATH && path !== KEYS_PATH) return undefined;
  requireGet(request);
  if (path === CONFIGURATION_PATH) {
    requireRoute(acceptOf(request), ['application/json']);
    return answer('application/json', {
      issuer: serviceAccountIssuer,
      jwks_uri: `https://${advertiseAddress}:${securePort}${KEYS_PATH}`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    });
  }
  requireRoute(acceptOf(request), [KEY_SET]);
  return answer(KEY_SET, await authentication.jsonWebKeySet());
}

function answer(type: string, value: object): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': type, 'cache-control': `public, max-age=${MAX_AGE_SECONDS}` },
    body: JSON.stringify(value),
  };
}
