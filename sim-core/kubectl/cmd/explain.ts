import { parseApiVersion } from '../../apimachinery/object.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import { parseJsonPath } from '../../client-go/util/jsonpath/parser.ts';
import { resourceText, type RestMapper, type RestMapping } from '../resource/rest-mapper.ts';

/** Models pkg/cmd/explain. */
export const explain: CommandDefinition = {
  name: 'explain',
  use: 'TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2] [options]',
  short: 'Get documentation for a resource',
  flags: [
    { name: 'api-version', type: 'string' },
    { name: 'output', shorthand: 'o', type: 'string', default: 'plaintext' },
    { name: 'recursive', shorthand: 'R', type: 'bool', default: 'false' },
  ],
  async run(invocation, { args, flags }) {
    const { factory, io, environment } = invocation;
    if (args.length === 0) {
      throw new Error(
        'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.\n',
      );
    }
    if (args.length > 1) throw new Error('We accept only this format: explain RESOURCE\n');
    const request = args[0]!;
    const given = flags.string('api-version');
    const [mapping, path] = await factory.lookup((mapper) => resourceAndPath(mapper, request, given));
    // Loaded on first use: the texts are large.
    const { explainKind } = await environment.clock.outside(import('../explain/explain.ts'));
    const options = { path, recursive: flags.bool('recursive'), output: flags.string('output') };
    const text = await explainKind(invocation, mapping, options);
    io.stdout(text.stdout);
    if (text.error !== undefined) throw new Error(text.error);
    return 0;
  },
};

/**
 * Takes "deployments.apps.spec" apart. The group counts only where it is written out with the resource's
 * full name. Models pkg/explain SplitAndParseResourceRequestWithMatchingPrefix.
 */
function resourceAndPath(mapper: RestMapper, request: string, apiVersion: string): [RestMapping, string[]] {
  const [type = '', ...path] = fieldNames(request);
  const resource = type.toLowerCase();
  if (apiVersion !== '') {
    const { group, version } = parseApiVersion(apiVersion);
    return [{ ...mapper.resourceFor(resource, ''), group, version }, path];
  }
  const candidates = mapper.resourcesFor(resource);
  const full = candidates.find((mapping) => request.startsWith(resourceText(mapping)));
  if (full === undefined) return [candidates[0]!, path];
  const rest = request.slice(resourceText(full).length).replace(/^\./, '');
  return [full, rest === '' ? [] : fieldNames(rest)];
}

/** The fields of a path; throws for anything else in it. */
function fieldNames(path: string): string[] {
  const [action] = parseJsonPath(`{.${path.replace(/\.$/, '')}}`);
  return (action?.type === 'list' ? action.nodes : []).map((node) => {
    if (node.type === 'field' && node.name !== '') return node.name;
    throw new Error('invalid jsonpath syntax, first node must be field node');
  });
}
