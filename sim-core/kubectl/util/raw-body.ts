import { errorOfResponse } from '../../client-go/rest/response-error.ts';
import { resolvePath } from '../../node/path.ts';
import type { ParsedArguments } from '../cobra/flags.ts';
import type { Invocation } from '../invocation.ts';

/** `create --raw`, `replace --raw`: sends a file as it is to a path of the server. Models pkg/rawhttp. */
export async function sendRaw(
  { factory, io, environment }: Invocation,
  method: 'POST' | 'PUT',
  { flags }: ParsedArguments,
): Promise<number> {
  const path = flags.string('raw');
  const [filename, ...more] = flags.list('filename');
  if (filename === undefined || more.length > 0)
    throw new Error('--raw can only use a single local file or stdin');
  if (/^https?:\/\//.test(filename)) throw new Error('--raw cannot read from a url');
  if (flags.bool('recursive')) throw new Error('--raw and --recursive are mutually exclusive');
  if (flags.string('output') !== '') throw new Error('--raw and --output are mutually exclusive');
  if (!path.startsWith('/'))
    throw new Error(`--raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URI for request`);
  const { machine, cwd } = environment;
  const full = resolvePath(cwd, filename);
  if (filename !== '-' && !machine.files.exists(full))
    throw new Error(`open ${filename}: no such file or directory`);
  const body = filename === '-' ? await io.stdin.readAll() : machine.files.read(full);
  const response = await factory.client().raw({ method, path, body, contentType: 'application/json' });
  if (response.status >= 400) throw errorOfResponse(response);
  if (typeof response.body === 'string') io.stdout(response.body);
  return 0;
}
