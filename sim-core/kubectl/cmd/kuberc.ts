import { toYaml } from '../../apimachinery/json/yaml-writer.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { directoryName, resolvePath } from '../../node/path.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import type { FlagSet } from '../cobra/flags.ts';
import type { Invocation } from '../invocation.ts';
import { EMPTY, type OptionDefault, placeOf, type Preference } from '../kuberc/preference.ts';
import { OBJECT_FORMATS } from '../printers/formats.ts';
import { objectPrinter } from '../printers/object-printer.ts';
import { readYaml } from '../resource/yaml-reader.ts';
import { AggregateError } from '../util/errors.ts';

const KUBERC_FLAG = { name: 'kuberc', type: 'string' } as const;

/** What `kuberc view` offers where there is no file. */
const RECOMMENDED: Preference = {
  ...EMPTY,
  defaults: [
    { command: 'apply', options: [{ name: 'server-side', default: 'true' }] },
    { command: 'delete', options: [{ name: 'interactive', default: 'true' }] },
  ],
};

function pathOf({ environment }: Invocation, flags: FlagSet) {
  const place = placeOf(flags.string('kuberc'), environment.variables);
  if (place === undefined) throw new Error('KUBERC is disabled via KUBERC=off environment variable');
  return place;
}

function read({ environment: { machine, cwd } }: Invocation, path: string): Preference | undefined {
  const full = resolvePath(cwd, path);
  if (!machine.files.exists(full)) return undefined;
  const [document] = readYaml(machine.files.read(full));
  return document as unknown as Preference | undefined;
}

/** Models pkg/kuberc SavePreference. */
function save(
  { environment: { machine, cwd }, io }: Invocation,
  path: string,
  { defaults = [], aliases = [], ...rest }: Preference,
): void {
  const full = resolvePath(cwd, path);
  machine.files.makeDirectory(directoryName(full), { parents: true });
  const shown = {
    ...rest,
    defaults: defaults.length > 0 ? defaults : null,
    aliases: aliases.length > 0 ? aliases : null,
  };
  machine.files.write(full, toYaml(shown));
  io.stdout(`Updated ${path}\n`);
}

/** Models pkg/cmd/kuberc/view.go. */
const view: CommandDefinition = {
  name: 'view',
  use: '[options]',
  short: 'Display the current kuberc configuration',
  flags: [
    { name: 'allow-missing-template-keys', type: 'bool', default: 'true' },
    KUBERC_FLAG,
    { name: 'output', shorthand: 'o', type: 'string', default: 'yaml' },
    { name: 'show-managed-fields', type: 'bool', default: 'false' },
    { name: 'template', type: 'string' },
  ],
  async run(invocation, { flags }) {
    const { io, environment } = invocation;
    const { path, explicit } = pathOf(invocation, flags);
    const found = read(invocation, path);
    if (found === undefined) {
      if (explicit) throw new Error(`kuberc file not found at ${path}`);
      io.stdout(`kuberc file not found at ${path}\n`);
      io.stdout('Would you like to generate a default kuberc file with recommended options? (y/N): ');
      if (/^y$/i.test((await io.stdin.readLine()) ?? '')) save(invocation, path, RECOMMENDED);
      return 0;
    }
    const { apiVersion, kind, defaults = [], aliases = [], ...rest } = found;
    const shown = { kind, apiVersion, defaults: defaults ?? [], aliases: aliases ?? [], ...rest };
    if (flags.string('output') === 'name') {
      io.stdout('preference.kubectl.config.k8s.io/<unknown>\n');
      return 0;
    }
    const printer = objectPrinter({
      output: flags.string('output'),
      template: flags.string('template'),
      allowedFormats: OBJECT_FORMATS,
      allowMissingKeys: flags.bool('allow-missing-template-keys'),
      showManagedFields: false,
      noHeaders: false,
      typed: true,
      files: environment.machine.files,
      cwd: environment.cwd,
    });
    io.stdout(printer.print(shown as unknown as KubeObject));
    return 0;
  },
};

/** Models pkg/cmd/kuberc/set.go. */
const set: CommandDefinition = {
  name: 'set',
  use: '--section (defaults|aliases) --command COMMAND [options]',
  short: 'Set values in the kuberc configuration',
  flags: [
    { name: 'allowlist-entry', type: 'stringArray' },
    { name: 'appendarg', type: 'stringArray' },
    { name: 'command', type: 'string' },
    KUBERC_FLAG,
    { name: 'name', type: 'string' },
    { name: 'option', type: 'stringArray' },
    { name: 'overwrite', type: 'bool', default: 'false' },
    { name: 'policy', type: 'string' },
    { name: 'prependarg', type: 'stringArray' },
    { name: 'section', type: 'string', required: true },
  ],
  async run(invocation, { flags }) {
    const { path } = pathOf(invocation, flags);
    check(flags);
    const before = read(invocation, path) ?? EMPTY;
    const options = flags.list('option').map(optionOf);
    save(invocation, path, changed(before, flags, options));
    return 0;
  },
};

function check(flags: FlagSet): void {
  const section = flags.string('section');
  const policy = flags.string('policy');
  const entries = flags.list('allowlist-entry');
  if (!['defaults', 'aliases', 'credentialplugin'].includes(section))
    throw new Error(`--section must be "defaults", "aliases", or "credentialplugin", got: ${section}`);
  if (section === 'aliases' && flags.string('name') === '')
    throw new Error('--name is required when --section=aliases');
  if (section === 'defaults' && flags.string('name') !== '')
    throw new Error('--name should not be specified when --section=defaults');
  if (section === 'defaults' && flags.list('prependarg').length + flags.list('appendarg').length > 0)
    throw new Error('--prependarg and --appendarg are only valid for --section=aliases');
  if (section !== 'credentialplugin') {
    if (flags.string('command') === '')
      throw new Error('--command is required when --section=aliases or --section=defaults');
    return;
  }
  if (policy === '') throw new Error('--policy is required when --section=credentialplugin');
  const allows = policy === 'Allowlist';
  if (!allows && policy !== 'AllowAll' && policy !== 'DenyAll')
    throw new Error(` --policy must be  "AllowAll", "DenyAll", or "Allowlist", got: ${policy}`);
  if (!allows && entries.length > 0)
    throw new Error(
      '--allowlist-entry may only be used when --section=credentialplugin and --policy=Allowlist',
    );
  if (allows && entries.length === 0)
    throw new Error('--allowlist-entry is required when --section=credentialplugin and --policy=Allowlist');
}

function optionOf(text: string): OptionDefault {
  const equals = text.indexOf('=');
  if (equals < 0) throw new Error(`invalid option format ${JSON.stringify(text)}, expected flag=value`);
  return { name: text.slice(0, equals).replace(/^-+/, ''), default: text.slice(equals + 1) };
}

function changed(before: Preference, flags: FlagSet, options: readonly OptionDefault[]): Preference {
  const command = flags.string('command');
  switch (flags.string('section')) {
    case 'defaults': {
      const defaults = [...(before.defaults ?? [])];
      const at = defaults.findIndex((one) => one.command === command);
      if (at < 0) return { ...before, defaults: [...defaults, { command, options }] };
      refuse(flags, `defaults for command ${JSON.stringify(command)} already exist`);
      defaults[at] = { command, options: kept(options, defaults[at]!.options) };
      return { ...before, defaults };
    }
    case 'aliases': {
      const name = flags.string('name');
      const aliases = [...(before.aliases ?? [])];
      const at = aliases.findIndex((one) => one.name === name);
      if (at >= 0) refuse(flags, `alias ${JSON.stringify(name)} already exists`);
      const known = aliases[at];
      const parts = {
        prependArgs: kept(flags.list('prependarg'), known?.prependArgs),
        appendArgs: kept(flags.list('appendarg'), known?.appendArgs),
        options: kept(options, known?.options),
      };
      const filled = Object.fromEntries(Object.entries(parts).filter(([, list]) => list.length > 0));
      aliases.splice(at < 0 ? aliases.length : at, 1, { name, command, ...filled });
      return { ...before, aliases };
    }
    default: {
      const credentialPluginPolicy = flags.string('policy');
      const entries = allowlistOf(flags.list('allowlist-entry'));
      return {
        ...before,
        credentialPluginPolicy,
        ...(entries.length > 0 && { credentialPluginAllowlist: entries }),
      };
    }
  }
}

function refuse(flags: FlagSet, problem: string): void {
  if (!flags.bool('overwrite')) throw new Error(`${problem}, use --overwrite to replace`);
}

/** What was not given anew stays. */
function kept<T>(given: readonly T[], before: readonly T[] = []): readonly T[] {
  return given.length > 0 ? given : before;
}

function allowlistOf(texts: readonly string[]): { readonly command: string }[] {
  const errors: Error[] = [];
  const entries: { readonly command: string }[] = [];
  for (const pair of texts.flatMap((text) => text.split(','))) {
    const equals = pair.indexOf('=');
    const [field, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    if (equals < 0) errors.push(new Error(`improperly formatted allowlist entry: ${JSON.stringify(pair)}`));
    else if (field === 'name')
      errors.push(new Error('allowlist entry field "name" is deprecated, use "command" instead'));
    else if (field !== 'command')
      errors.push(new Error(`unrecognized allowlist entry field: ${JSON.stringify(field)}`));
    else if (value.trim() === '')
      errors.push(new Error(`empty value in allowlist entry for field ${JSON.stringify(field)}`));
    else entries.push({ command: value });
  }
  if (errors.length > 0) throw new AggregateError(errors);
  return entries;
}

/** Models pkg/cmd/kuberc. */
export const kuberc: CommandDefinition = {
  name: 'kuberc',
  use: 'SUBCOMMAND [options]',
  short: 'Manage kuberc configuration files',
  helpTo: 'stderr',
  subcommands: [set, view],
};
