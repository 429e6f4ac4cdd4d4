import type { CommandDefinition } from '../cobra/command.ts';
import type { Flag } from '../cobra/flags.ts';
import { GLOBAL_FLAGS } from '../genericclioptions/global-flags.ts';
import { TEXTS } from './generated/texts.ts';
import type { CommandTexts } from './texts.ts';

const OPTIONS_HINT =
  'Use "kubectl options" for a list of global command-line options (applies to all commands).';
/** Names in a list of commands are padded to this at least. */
const LEAST_NAME_WIDTH = 11;

/** What `--help` prints for a command, found along `path`. Models pkg/util/templates templater. */
export function helpText(path: readonly CommandDefinition[]): string {
  const command = path.at(-1)!;
  const commandPath = path.map(({ name }) => name).join(' ');
  const texts = TEXTS[commandPath.replace(/^kubectl ?/, '')];
  const sections = [texts?.description ?? (command.short === '' ? '' : `${command.short}.`)];
  if (command.aliases !== undefined && command.aliases.length > 0) {
    sections.push(`Aliases:\n${[command.name, ...command.aliases].join(', ')}`);
  }
  if (texts !== undefined && texts.examples !== '') sections.push(`Examples:\n${texts.examples}`);
  return [...sections, usageText(path)].filter((section) => section !== '').join('\n\n');
}

/** What is below the description and the examples: subcommands, flags and how the command is used. */
export function usageText(path: readonly CommandDefinition[]): string {
  const command = path.at(-1)!;
  const commandPath = path.map(({ name }) => name).join(' ');
  const texts = TEXTS[commandPath.replace(/^kubectl ?/, '')];
  const sections = commandGroups(command);
  const flags = (command.flags ?? []).filter(isShown);
  if (flags.length > 0) sections.push(`Options:\n${flagList(flags, texts?.usages)}`);
  if (command.use !== undefined) sections.push(`Usage:\n  ${commandPath} ${command.use}`);
  const hints = [
    ...(command.subcommands === undefined
      ? []
      : [`Use "${commandPath} <command> --help" for more information about a given command.`]),
    ...(command.use === undefined ? [] : [OPTIONS_HINT]),
  ];
  sections.push(hints.join('\n'));
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** What `kubectl options` prints. */
export function globalOptionsText(): string {
  return `The following options can be passed to any command:\n\n${flagList(GLOBAL_FLAGS, TEXTS.options?.usages)}\n\n`;
}

function isShown({ hidden, deprecated }: Flag): boolean {
  return hidden !== true && deprecated === undefined;
}

function commandGroups({ subcommands = [], groups }: CommandDefinition): string[] {
  if (subcommands.length === 0) return [];
  const visible = subcommands.filter(({ hidden }) => hidden !== true);
  const width = Math.max(LEAST_NAME_WIDTH, ...visible.map(({ name }) => name.length));
  const list = (title: string, names: readonly string[]) =>
    [
      `${title}:`,
      ...names.map((name) => {
        const { short } = visible.find((command) => command.name === name)!;
        return `  ${name.padEnd(width)}   ${short}`;
      }),
    ].join('\n');
  if (groups === undefined) return [list('Available Commands', visible.map(({ name }) => name).sort())];
  return groups.map(({ title, commands }) => list(title, commands));
}

function flagList(flags: readonly Flag[], usages: CommandTexts['usages'] = {}): string {
  return [...flags]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((flag) => {
      const { name, shorthand } = flag;
      const head = `    ${shorthand === undefined ? '' : `-${shorthand}, `}--${name}=${defaultText(flag)}:`;
      const usage = usages[name];
      return usage === undefined ? head : `${head}\n\t${usage}`;
    })
    .join('\n\n');
}

function defaultText({ type, default: fallback = '' }: Flag): string {
  switch (type) {
    case 'stringArray':
    case 'stringSlice':
      return `[${fallback}]`;
    case 'map':
    case 'mapStringString':
    case 'modules':
      return fallback;
    case 'string':
      return `'${fallback}'`;
    case 'bool':
    case 'int':
    case 'int32':
    case 'duration':
      return fallback;
  }
}
