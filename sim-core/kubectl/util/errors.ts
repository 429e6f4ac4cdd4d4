import { UrlError } from '../../apimachinery/http.ts';
import { StatusError } from '../../apimachinery/status.ts';

/** Several errors of one command. Models k8s.io/apimachinery/pkg/util/errors Aggregate. */
export class AggregateError extends Error {
  readonly errors: readonly Error[];

  constructor(errors: readonly Error[]) {
    const messages = [...new Set(errors.map((error) => error.message))];
    super(messages.length === 1 ? messages[0] : `[${messages.join(', ')}]`);
    this.errors = errors;
  }
}

/** No resource of the server is called so. Models k8s.io/apimachinery/pkg/api/meta NoResourceMatchError. */
export class NoResourceMatchError extends Error {
  constructor(resource: string, group: string) {
    const inGroup = group === '' ? '' : ` in group ${JSON.stringify(group)}`;
    super(`the server doesn't have a resource type ${JSON.stringify(resource)}${inGroup}`);
  }
}

/** No kind of the server is called so. Models k8s.io/apimachinery/pkg/api/meta NoKindMatchError. */
export class NoKindMatchError extends Error {}

/** The command has said what is wrong; only the exit code is left. */
export class ExitError extends Error {
  readonly code: number;

  constructor(code = 1) {
    super('exit');
    this.code = code;
  }
}

/** What kubectl's log says last: it ends there. `place` is the source line. Models klog.Exitf. */
export class FatalError extends Error {
  readonly place: string;

  constructor(place: string, message: string) {
    super(message);
    this.place = place;
  }
}

/** The kubeconfig cannot be used. Models clientcmd's errConfigurationInvalid. */
export class ConfigurationError extends Error {}

/** A mistake that the command's help explains: the help goes to stdout, the message to stderr. */
export class HelpError extends Error {}

/** Printing failed half way; `printed` is what stands on stdout. */
export class PrintError extends Error {
  readonly printed: string;

  constructor(printed: string, message: string) {
    super(message);
    this.printed = printed;
  }
}

/** Throws nothing for no error, the error for one, an {@link AggregateError} for more. */
export function throwAll(errors: readonly Error[]): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors);
}

/** The errors as one, if there are any: what is wrong with the files, beside what failed with single objects. */
export function together(errors: readonly Error[]): Error[] {
  return errors.length === 0 ? [] : [new AggregateError(errors)];
}

/** What kubectl prints for an error, with a newline. Models pkg/cmd/util checkErr. */
export function errorText(error: Error): string {
  const only = error instanceof AggregateError && error.errors.length === 1 ? error.errors[0]! : error;
  if (only instanceof StatusError && only.reason === 'Invalid') return invalidText(only);
  if (only instanceof AggregateError) return only.errors.map((each) => `${messageForError(each)}\n`).join('');
  const text = standardMessage(only) ?? withErrorPrefix(only.message);
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** One of several errors: without "error: ". Models pkg/cmd/util messageForError. */
function messageForError(error: Error): string {
  return standardMessage(error) ?? error.message;
}

/** Models pkg/cmd/util StandardErrorMessage. */
function standardMessage(error: Error): string | undefined {
  if (error instanceof StatusError) {
    if (error.reason === 'Unauthorized') {
      return `error: You must be logged in to the server (${error.status.message ?? ''})`;
    }
    return error.reason === ''
      ? `Error from server: ${error.message}`
      : `Error from server (${error.reason}): ${error.message}`;
  }
  if (error instanceof NoResourceMatchError) return error.message;
  if (error instanceof ConfigurationError) return `Error in configuration: ${error.message}`;
  if (error instanceof UrlError) {
    if (error.connection.message.includes('connection refused')) {
      const host = /^[a-z]+:\/\/([^/]+)/.exec(error.url)?.[1] ?? error.url;
      return `The connection to the server ${host} was refused - did you specify the right host or port?`;
    }
    return `Unable to connect to the server: ${error.connection.message}`;
  }
  return undefined;
}

function withErrorPrefix(message: string): string {
  return message.startsWith('error: ') ? message : `error: ${message}`;
}

function invalidText({ status }: StatusError): string {
  const { details, message = '' } = status;
  if (details === undefined) return `The request is invalid${message === '' ? '' : `: ${message}`}\n`;
  const named = (details.kind ?? '') !== '' || (details.name ?? '') !== '';
  const causes = [
    ...new Set((details.causes ?? []).map((cause) => `${cause.field ?? ''}: ${cause.message ?? ''}`)),
  ];
  let text = 'The request is invalid';
  if (named) text = `The ${details.kind ?? ''} ${JSON.stringify(details.name ?? '')} is invalid`;
  else if (message !== '' && causes.length === 0) text += `: ${message}`;
  if (causes.length === 0) return `${text}\n`;
  if (causes.length === 1) return `${text}: ${causes[0]}\n`;
  return `${text}: \n${causes.map((cause) => `* ${cause}\n`).join('')}`;
}

/** `error: …` with a hint at the command's help. Models pkg/cmd/util UsageErrorf. */
export function usageError(commandPath: string, message: string): Error {
  return new Error(`${message}\nSee '${commandPath} -h' for help and examples`);
}

/**
 * The error with what was being done and where the object came from: `error when creating
 * "STDIN": …`. Models pkg/cmd/util AddSourceToErr.
 */
export function withSource(verb: string, source: string, error: unknown): unknown {
  if (source === '' || !(error instanceof Error)) return error;
  const message = `error when ${verb} ${JSON.stringify(source)}: ${error.message}`;
  return error instanceof StatusError ? StatusError.from({ ...error.status, message }) : new Error(message);
}
