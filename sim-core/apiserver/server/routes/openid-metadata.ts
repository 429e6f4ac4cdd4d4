import type { HttpResponse } from '../../../apimachinery/http.ts';
import type { ServerSettings } from '../../registry/rest/server-services.ts';
import type { AuthenticationConfig } from '../config.ts';

const KEYS_PATH = '/openid/v1/jwks';
const MAX_AGE_SECONDS = 3600;

/**
 * Tells others how to verify service account tokens: /.well-known/openid-configuration and /openid/v1/jwks.
 * Undefined for other paths. Models pkg/routes/openidmetadata.go.
 */
export function openIdMetadata(
  path: string,
  { serviceAccountIssuer, advertiseAddress, securePort }: ServerSettings,
  authentication: AuthenticationConfig,
): HttpResponse | undefined {
  if (path === '/.well-known/openid-configuration') {
    return answer('application/json', {
      issuer: serviceAccountIssuer,
      jwks_uri: `https://${advertiseAddress}:${securePort}${KEYS_PATH}`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    });
  }
  return path === KEYS_PATH ? answer('application/jwk-set+json', authentication.jsonWebKeySet()) : undefined;
}

function answer(type: string, value: object): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': type, 'cache-control': `public, max-age=${MAX_AGE_SECONDS}` },
    body: JSON.stringify(value),
  };
}
