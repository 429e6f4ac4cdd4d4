import { goQuote } from './go-format.ts';
import type { GroupResource } from './object.ts';
import { groupResourceText } from './object.ts';
import type { FieldError } from './validation/field-error.ts';

export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}
export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}
/** Models k8s.io/apimachinery/pkg/apis/meta/v1 Status. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, never>;
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code?: number;
}

/** An API error on its way to becoming the response's Status. `message` is upstream's exact text. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: Status;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason !== '' && { reason }),
      ...(details !== undefined && { details }),
      code,
    };
  }

  get code(): number {
    return this.status.code!;
  }

  get reason(): string {
    return this.status.reason ?? '';
  }

  /** The error that a Status in a response stands for. */
  static from(status: Status): StatusError {
    const error = new StatusError(status.code ?? 500, status.reason ?? '', status.message ?? '');
    Object.assign(error.status, status);
    return error;
  }
}

/** True for a {@link StatusError} with this reason: `isReason(error, 'NotFound')`. */
export function isReason(error: unknown, reason: string): error is StatusError {
  return error instanceof StatusError && error.reason === reason;
}

// The constructors below model k8s.io/apimachinery/pkg/api/errors/errors.go, one function each.

function detailsOf(resource: GroupResource, name: string): StatusDetails {
  return {
    ...(name !== '' && { name }),
    ...(resource.group !== '' && { group: resource.group }),
    ...(resource.resource !== '' && { kind: resource.resource }),
  };
}

export function notFoundError(resource: GroupResource, name: string): StatusError {
  return new StatusError(
    404,
    'NotFound',
    `${groupResourceText(resource)} ${goQuote(name)} not found`,
    detailsOf(resource, name),
  );
}

export function alreadyExistsError(resource: GroupResource, name: string): StatusError {
  return new StatusError(
    409,
    'AlreadyExists',
    `${groupResourceText(resource)} ${goQuote(name)} already exists`,
    detailsOf(resource, name),
  );
}

export function unauthorizedError(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

/** `reason` is the words after "is forbidden: ". Without a resource the path was refused. */
export function forbiddenError(resource: GroupResource, name: string, reason: string): StatusError {
  const subject =
    resource.resource === '' && resource.group === ''
      ? 'forbidden'
      : name === ''
        ? `${groupResourceText(resource)} is forbidden`
        : `${groupResourceText(resource)} ${goQuote(name)} is forbidden`;
  const details: StatusDetails =
    resource.resource === '' && resource.group === '' ? {} : detailsOf(resource, name);
  return new StatusError(403, 'Forbidden', `${subject}: ${reason}`, details);
}

/** Why a write is refused that was made for an older version of the object. Models registry.OptimisticLockErrorMsg. */
export const OPTIMISTIC_LOCK =
  'the object has been modified; please apply your changes to the latest version and try again';

export function conflictError(resource: GroupResource, name: string, reason: string): StatusError {
  return new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${groupResourceText(resource)} ${goQuote(name)}: ${reason}`,
    detailsOf(resource, name),
  );
}

/** A conflict of field managers: it names no object. */
export function applyConflictError(message: string, causes: StatusCause[]): StatusError {
  return new StatusError(409, 'Conflict', message, { causes });
}

export function badRequestError(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function expiredError(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

/** `kind` and `group` are the object's kind: "Pod", "Deployment" in "apps". */
export function invalidError(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const messages = [...new Set(errors.map((error) => error.message))];
  const list = messages.length === 1 ? messages[0]! : `[${messages.join(', ')}]`;
  const kindText = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  return new StatusError(
    422,
    'Invalid',
    `${kindText} ${goQuote(name)} is invalid${errors.length === 0 ? '' : `: ${list}`}`,
    {
      ...(name !== '' && { name }),
      ...(kind.group !== '' && { group: kind.group }),
      ...(kind.kind !== '' && { kind: kind.kind }),
      causes: errors.map((error) => ({
        reason: error.reason,
        message: error.body,
        field: error.field,
      })),
    },
  );
}

export function internalError(message: string): StatusError {
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
}

/** What any error that is not a StatusError becomes: its text, code 500 and no reason. */
export function unknownError(message: string): StatusError {
  return new StatusError(500, '', message);
}

/** What an apiserver says of a path that it does not serve. */
export function genericNotFoundError(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}
