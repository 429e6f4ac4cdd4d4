import type { HttpResponse } from '../../../apimachinery/http.ts';
import { errorOfResponse } from '../../../client-go/rest/response-error.ts';
import type { ParsedArguments } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';

/** `get --raw PATH`. Models pkg/rawhttp RawGet. */
export async function getRaw({ factory, io }: Invocation, { args, flags }: ParsedArguments): Promise<number> {
  if (args.length > 0) throw new Error('arguments may not be passed when --raw is specified');
  if (flags.bool('watch') || flags.bool('watch-only') || flags.string('selector') !== '') {
    throw new Error(
      '--raw may not be specified with other flags that filter the server request or alter the output',
    );
  }
  if (flags.string('output') !== '') throw new Error('--raw and --output are mutually exclusive');
  const path = flags.string('raw');
  if (!path.startsWith('/')) {
    throw new Error(`--raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URI for request`);
  }
  const response = await factory.client().raw({ method: 'GET', path, accept: 'application/json, */*' });
  if (response.status >= 400) throw errorOfResponse(response);
  await copyBody(response, (text) => io.stdout(text));
  return 0;
}

async function copyBody(response: HttpResponse, write: (text: string) => void): Promise<void> {
  if (typeof response.body === 'string') write(response.body);
  else for await (const piece of response.body) write(piece);
}
