import type { HttpResponse } from '../../apimachinery/http.ts';
import type { CommandStatus } from '../../apimachinery/remotecommand.ts';
import { decodeMessage } from '../../apimachinery/remotecommand.ts';

/** Where the output of a remote command goes. */
interface Output {
  stdout(text: string): void;
  stderr(text: string): void;
}

/**
 * Prints what a command in a container says, and gives its exit code. Throws if it could not be run.
 *
 * Models k8s.io/client-go/tools/remotecommand and its errorDecoderV4.
 */
export async function printRemoteCommand({ body }: HttpResponse, output: Output): Promise<number> {
  if (typeof body === 'string') {
    output.stdout(body);
    return 0;
  }
  let exit = 0;
  for await (const message of body) {
    const decoded = decodeMessage(message);
    if (decoded?.channel === 'stdout') output.stdout(decoded.text);
    else if (decoded?.channel === 'stderr') output.stderr(decoded.text);
    else if (decoded?.channel === 'error') exit = exitOf(JSON.parse(decoded.text) as CommandStatus, output);
  }
  return exit;
}

function exitOf({ status, reason, message, details }: CommandStatus, output: Output): number {
  if (status === 'Success') return 0;
  const code = details?.causes.find((cause) => cause.reason === 'ExitCode')?.message;
  if (reason !== 'NonZeroExitCode' || code === undefined) throw new Error(message ?? '');
  output.stderr(`command terminated with exit code ${code}\n`);
  return Number(code);
}
