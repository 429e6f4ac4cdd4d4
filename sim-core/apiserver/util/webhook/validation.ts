import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { invalid, required } from '../../../apimachinery/validation/field-error.ts';
import { isDNS1123Subdomain, isValidPortNum } from '../../../apimachinery/validation/names.ts';

/** Where a webhook is called: a service of the cluster, or a URL. */
export interface WebhookClientConfig {
  readonly url?: string;
  readonly service?: {
    readonly namespace: string;
    readonly name: string;
    readonly path?: string;
    readonly port?: number;
  };
  /** PEM, as base64. */
  readonly caBundle?: string;
}

const FORM = '; desired format: https://host[/path]';
const URL_PARTS = /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#@]*)@)?([^/?#]*)[^?#]*(?:\?([^#]*))?(?:#(.*))?$/i;

/** Exactly one of URL and service, and that one well-formed. Models k8s.io/apiserver/pkg/util/webhook. */
export function validateClientConfig(config: WebhookClientConfig, field: string): FieldError[] {
  const { url, service } = config;
  if ((url === undefined) === (service === undefined)) {
    return [required(field, 'exactly one of url or service is required')];
  }
  return url === undefined ? validateService(service!, `${field}.service`) : validateURL(url, `${field}.url`);
}

function validateURL(url: string, field: string): FieldError[] {
  const match = URL_PARTS.exec(url);
  const [, scheme = '', user, host = '', query = '', fragment = ''] = match ?? [];
  const errors: FieldError[] = [];
  if (scheme !== 'https')
    errors.push(invalid(field, scheme, `'https' is the only allowed URL scheme${FORM}`));
  if (host === '') errors.push(invalid(field, host, `host must be specified${FORM}`));
  if (user !== undefined) errors.push(invalid(field, user, 'user information is not permitted in the URL'));
  if (fragment !== '') errors.push(invalid(field, fragment, 'fragments are not permitted in the URL'));
  if (query !== '') errors.push(invalid(field, query, 'query parameters are not permitted in the URL'));
  return errors;
}

function validateService(service: NonNullable<WebhookClientConfig['service']>, field: string): FieldError[] {
  const { name, namespace, path, port = 443 } = service;
  const errors: FieldError[] = [];
  // Upstream takes the two for each other: its callers hand them over in the other order.
  if (!namespace) errors.push(required(`${field}.name`, 'service name is required'));
  if (!name) errors.push(required(`${field}.namespace`, 'service namespace is required'));
  const faults = isValidPortNum(port);
  if (faults.length > 0) {
    errors.push(invalid(`${field}.port`, port, `port is not valid: ${faults.join(', ')}`));
  }
  return path === undefined || path === '' || path === '/'
    ? errors
    : [...errors, ...validatePath(path, `${field}.path`)];
}

function validatePath(path: string, field: string): FieldError[] {
  if (path === '//') return [invalid(field, path, 'segment[0] may not be empty')];
  const errors = path.startsWith('/') ? [] : [invalid(field, path, "must start with a '/'")];
  path
    .slice(1)
    .replace(/\/$/, '')
    .split('/')
    .forEach((segment, index) => {
      if (segment === '') errors.push(invalid(field, path, `segment[${index}] may not be empty`));
      else {
        for (const fault of isDNS1123Subdomain(segment)) {
          errors.push(invalid(field, path, `segment[${index}]: ${fault}`));
        }
      }
    });
  return errors;
}
