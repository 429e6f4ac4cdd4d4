import type { CommandDefinition } from './command.ts';
import type { Flag } from './flags.ts';

/** What `--help` prints for a command, found along `path`. Models kubectl's templates. */
export function helpText(path: readonly CommandDefinition[]): string {
  const command = path.at(-1)!;
  const commandPath = path.map(({ name }) => name).join(' ');
  const sections = [command.short === '' ? [] : [`${command.short}.`]];
  if (command.subcommands !== undefined && command.subcommands.length > 0) {
    const width = Math.max(...command.subcommands.map(({ name }) => name.length));
    sections.push([
      'Available Commands:',
      ...command.subcommands.map(({ name, short }) => `  ${name.padEnd(width)}   ${short}`),
    ]);
  }
  if (command.flags !== undefined && command.flags.length > 0) {
    const flags = [...command.flags].sort((a, b) => (a.name < b.name ? -1 : 1));
    sections.push(['Options:', ...flags.map(flagLine)]);
  }
  sections.push([
    'Usage:',
    `  ${commandPath} ${command.use ?? (command.subcommands === undefined ? '[options]' : '[flags] [options]')}`,
  ]);
  if (command.subcommands !== undefined) {
    sections.push([`Use "${commandPath} <command> --help" for more information about a given command.`]);
  }
  sections.push([
    'Use "kubectl options" for a list of global command-line options (applies to all commands).',
  ]);
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function flagLine({ name, shorthand, type, default: fallback, usage }: Flag): string {
  const text =
    type === 'stringArray' || type === 'stringSlice'
      ? '[]'
      : type === 'string'
        ? `'${fallback ?? ''}'`
        : (fallback ?? '');
  const head = `    ${shorthand === undefined ? '' : `-${shorthand}, `}--${name}=${text}`;
  return usage === undefined ? head : `${head}:\n\t${usage}`;
}
