import type { KubeObject } from '../../../apimachinery/object.ts';
import { FileError } from '../../../node/file-system.ts';
import { encoded } from '../../clientcmd/kubeconfig-file.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { Invocation } from '../../invocation.ts';
import { OBJECT_FORMATS } from '../../printers/formats.ts';
import { objectPrinter } from '../../printers/object-printer.ts';
import { encodeBase64 } from '../../util/base64.ts';
import { usageError } from '../../util/errors.ts';

export const view: CommandDefinition = {
  name: 'view',
  use: '[flags] [options]',
  short: 'Display merged kubeconfig settings or a specified kubeconfig file',
  flags: [
    { name: 'allow-missing-template-keys', type: 'bool', default: 'true' },
    { name: 'flatten', type: 'bool', default: 'false' },
    { name: 'merge', type: 'bool', default: 'true' },
    { name: 'minify', type: 'bool', default: 'false' },
    { name: 'output', shorthand: 'o', type: 'string', default: 'yaml' },
    { name: 'raw', type: 'bool', default: 'false' },
    { name: 'show-managed-fields', type: 'bool', default: 'false' },
    { name: 'template', type: 'string' },
  ],
  async run(invocation, { args, flags }) {
    const { io, factory, environment } = invocation;
    if (args.length > 0)
      throw usageError(invocation.commandPath, `unexpected arguments: [${args.join(' ')}]`);
    const { clusters, users, contexts, currentContext } = factory.kubeconfig({ mayBeMissing: true });
    const raw = flags.bool('raw');
    const flattening = flags.bool('flatten');
    const shownEntry = (entry: object) =>
      flattening ? flattened(encoded(entry), invocation) : encoded(entry);
    const context = contexts.get(flags.string('context') || currentContext);
    const keep = (kind: 'cluster' | 'user' | 'context', name: string) =>
      !flags.bool('minify') || name === (kind === 'context' ? currentContext : context?.[kind]);
    const list = (kind: 'cluster' | 'user' | 'context', entries: ReadonlyMap<string, object>) => {
      const shown = [...entries].filter(([name]) => keep(kind, name)).sort(([a], [b]) => (a < b ? -1 : 1));
      return shown.length === 0
        ? null
        : shown.map(([name, entry]) => ({
            [kind]: raw || flattening ? shownEntry(entry) : redacted(entry),
            name,
          }));
    };
    const config = {
      kind: 'Config',
      apiVersion: 'v1',
      clusters: list('cluster', clusters),
      users: list('user', users),
      contexts: list('context', contexts),
      'current-context': currentContext,
    };
    const printer = objectPrinter({
      output: flags.string('output'),
      template: flags.string('template'),
      allowedFormats: OBJECT_FORMATS,
      allowMissingKeys: flags.bool('allow-missing-template-keys'),
      showManagedFields: false,
      noHeaders: false,
      files: environment.machine.files,
      cwd: environment.cwd,
      typed: true,
    });
    io.stdout(printer.print(config as unknown as KubeObject));
    return 0;
  },
};

/** Models clientcmdapi.ShortenConfig and RedactSecrets. */
function redacted(entry: object): object {
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => {
      if (key === 'token' || key === 'password') return [key, 'REDACTED'];
      if (key === 'certificate-authority-data') return [key, 'DATA+OMITTED'];
      return [key, key.endsWith('-data') ? 'DATA+OMITTED' : value];
    }),
  );
}

/** Files become the data that they hold. Models clientcmdapi.FlattenConfig. */
function flattened(entry: object, { environment }: Invocation): object {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entry)) {
    if (!/^(certificate-authority|client-certificate|client-key)$/.test(key)) {
      result[key] = value;
      continue;
    }
    try {
      result[`${key}-data`] = encodeBase64(environment.machine.files.read(value as string));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new Error(`open ${String(value)}: ${error.message.toLowerCase()}`);
    }
  }
  return result;
}
