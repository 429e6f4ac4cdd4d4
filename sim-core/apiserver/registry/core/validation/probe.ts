import type { Lifecycle, LifecycleHandler, Probe } from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  invalid,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { isHTTPHeaderName } from '../../../../apimachinery/validation/names.ts';
import { validateNonnegative, validatePortNumOrName } from './common.ts';

const SCHEMES = ['HTTP', 'HTTPS'];

type Handler = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & Pick<LifecycleHandler, 'sleep'>;

/** What a probe or a lifecycle hook does: exactly one thing. Models validateHandler. */
function validateHandler(handler: Handler, field: string): FieldError[] {
  const errors: FieldError[] = [];
  let handlers = 0;
  const one = (name: string, validate: () => FieldError[]) => {
    if (handlers > 0) {
      errors.push(forbidden(`${field}.${name}`, 'may not specify more than 1 handler type'));
    } else {
      handlers++;
      errors.push(...validate());
    }
  };
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (exec) {
    one('exec', () => ((exec.command ?? []).length === 0 ? [required(`${field}.exec.command`)] : []));
  }
  if (httpGet) one('httpGet', () => validateHTTPGet(httpGet, `${field}.httpGet`));
  if (tcpSocket) one('tcpSocket', () => validatePortNumOrName(tcpSocket.port, `${field}.tcpSocket.port`));
  if (grpc) {
    one('grpc', () => validatePortNumOrName(grpc.port, `${field}.grpc.port`));
  }
  if (sleep) one('sleep', () => []);
  if (handlers === 0) errors.push(required(field, 'must specify a handler type'));
  return errors;
}

function validateHTTPGet(action: NonNullable<Probe['httpGet']>, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!action.path) errors.push(required(`${field}.path`));
  errors.push(...validatePortNumOrName(action.port, `${field}.port`));
  if (!SCHEMES.includes(action.scheme ?? '')) {
    errors.push(notSupported(`${field}.scheme`, action.scheme ?? '', SCHEMES));
  }
  for (const header of action.httpHeaders ?? []) {
    for (const text of isHTTPHeaderName(header.name)) {
      errors.push(invalid(`${field}.httpHeaders`, header.name, text));
    }
  }
  return errors;
}

/** Models validateProbe. */
function validateProbe(probe: Probe | undefined, field: string): FieldError[] {
  if (!probe) return [];
  const errors = [
    ...validateHandler(probe, field),
    ...validateNonnegative(probe.initialDelaySeconds, `${field}.initialDelaySeconds`),
    ...validateNonnegative(probe.timeoutSeconds, `${field}.timeoutSeconds`),
    ...validateNonnegative(probe.periodSeconds, `${field}.periodSeconds`),
    ...validateNonnegative(probe.successThreshold, `${field}.successThreshold`),
    ...validateNonnegative(probe.failureThreshold, `${field}.failureThreshold`),
  ];
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0) {
    errors.push(invalid(`${field}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'));
  }
  return errors;
}

/** Models validateLivenessProbe and validateStartupProbe: one success is enough. */
export function validateSingleSuccessProbe(probe: Probe | undefined, field: string): FieldError[] {
  const errors = validateProbe(probe, field);
  if (probe && probe.successThreshold !== 1) {
    errors.push(invalid(`${field}.successThreshold`, probe.successThreshold ?? 0, 'must be 1'));
  }
  return errors;
}

/** A readiness probe has no grace period of its own. Models validateReadinessProbe. */
export function validateReadinessProbe(probe: Probe | undefined, field: string): FieldError[] {
  const errors = validateProbe(probe, field);
  const grace = probe?.terminationGracePeriodSeconds;
  if (grace !== undefined) {
    errors.push(
      invalid(`${field}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes'),
    );
  }
  return errors;
}

export function validateLifecycle(lifecycle: Lifecycle | undefined, field: string): FieldError[] {
  return [
    ...(lifecycle?.postStart ? validateHandler(lifecycle.postStart, `${field}.postStart`) : []),
    ...(lifecycle?.preStop ? validateHandler(lifecycle.preStop, `${field}.preStop`) : []),
  ];
}
