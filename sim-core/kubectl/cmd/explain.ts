import type { CommandDefinition } from '../cobra/command.ts';

/** Models pkg/cmd/explain. */
export const explain: CommandDefinition = {
  name: 'explain',
  use: 'TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2] [options]',
  short: 'Get documentation for a resource',
  flags: [
    { name: 'api-version', type: 'string' },
    { name: 'output', shorthand: 'o', type: 'string', default: 'plaintext' },
    { name: 'recursive', type: 'bool', default: 'false' },
  ],
  async run(invocation, { args, flags }) {
    const { factory, io, environment } = invocation;
    if (args.length === 0) {
      throw new Error(
        'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.\n',
      );
    }
    if (args.length > 1) throw new Error('We accept only this format: explain RESOURCE\n');
    const [type = '', ...path] = args[0]!.replace(/\.$/, '').split('.');
    const mapping = await factory.lookup((mapper) => mapper.mappingFor(type));
    // Loaded on first use: the texts are large.
    const { explainKind } = await environment.clock.outside(import('../explain/explain.ts'));
    const text = await environment.clock.outside(explainKind(mapping, path, flags.bool('recursive')));
    io.stdout(text.stdout);
    if (text.error !== undefined) throw new Error(text.error);
    return 0;
  },
};
