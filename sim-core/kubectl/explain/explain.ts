import type { Invocation } from '../invocation.ts';
import type { RestMapping } from '../resource/rest-mapper.ts';
import { apiVersionText } from '../resource/rest-mapper.ts';
import { builtInSchema } from './built-in.ts';
import { publishedSchema } from './openapi-v3.ts';
import { plaintext } from './plaintext.ts';
import { plaintextOpenApiV2 } from './plaintext-openapi-v2.ts';
import { FieldError, followPath } from './schema-node.ts';

export interface Explanation {
  readonly stdout: string;
  readonly error?: string;
}

export interface ExplainOptions {
  readonly path: readonly string[];
  readonly recursive: boolean;
  readonly output: string;
}

/** What explain prints of a kind, or of the field that a path leads to. Models pkg/cmd/explain. */
export async function explainKind(
  { factory, environment: { clock } }: Invocation,
  mapping: RestMapping,
  { path, recursive, output }: ExplainOptions,
): Promise<Explanation> {
  const { group, kind, version, resource } = mapping;
  const v2 = output === 'plaintext-openapiv2';
  const { resources } = (await factory.mapper()).server;
  const served = resources.some((one) => one.group === group && one.version === version);
  // The texts of the built-in kinds are fetched; the server is asked in the simulation's own time.
  const root = served
    ? ((await clock.outside(builtInSchema(mapping))) ?? (await publishedSchema(factory, mapping)))
    : undefined;
  if (root === undefined) {
    const gvr = `${group}/${version}, Resource=${resource}`;
    if (served && !v2) return { stdout: '', error: `GVR (${gvr}) not found in OpenAPI schema` };
    const what = v2 ? `${apiVersionText(mapping)}, Kind=${kind}` : gvr;
    return { stdout: '', error: `couldn't find resource for "${what}"` };
  }
  if (!v2 && output !== 'plaintext') return { stdout: '', error: `unrecognized format: ${output}` };
  const head = v2
    ? ''
    : `${group === '' ? '' : `GROUP:      ${group}\n`}KIND:       ${kind}\nVERSION:    ${version}\n\n`;
  try {
    const field = followPath(root, path);
    const text = v2 ? plaintextOpenApiV2(mapping, root, field, recursive) : plaintext(root, field, recursive);
    return { stdout: `${head}${text}` };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    if (v2) return { stdout: '', error: error.message };
    return { stdout: head, error: new FieldError(path.at(-1)!).message };
  }
}
