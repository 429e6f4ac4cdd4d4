import type { CliCommand } from './command.ts';
import type { Flag } from './flags.ts';

const NAME_PADDING = 11;

/** What `--help` prints of the last command of `path` in cobra's own form. Models cobra Command.UsageTemplate. */
export function usageText<T>(path: readonly CliCommand<T>[]): string {
  const command = path.at(-1)!;
  const commandPath = path.map(word).join(' ');
  const { subcommands, run } = command;
  const useLine = [...path.slice(0, -1).map(word), command.use, '[flags]'].join(' ');
  const own: readonly Flag[] = [
    ...(command.flags ?? []),
    { name: 'help', shorthand: 'h', type: 'bool', default: 'false', usage: `help for ${word(command)}` },
  ];
  const inherited = path.slice(0, -1).flatMap(({ flags = [] }) => flags);
  return [
    'Usage:\n',
    run === undefined ? '' : `  ${useLine}\n`,
    subcommands === undefined ? '' : `  ${commandPath} [command]\n${commandLines(path)}`,
    `\nFlags:\n${flagUsages(own)}`,
    inherited.length === 0 ? '' : `\nGlobal Flags:\n${flagUsages(inherited)}`,
    subcommands === undefined
      ? ''
      : `\nUse "${commandPath} [command] --help" for more information about a command.\n`,
  ].join('');
}

const word = ({ use }: { readonly use: string }): string => use.split(' ')[0]!;

function commandLines<T>(path: readonly CliCommand<T>[]): string {
  const rows = (path.at(-1)!.subcommands ?? []).map((child) => [word(child), child.short] as const);
  // cobra gives every program a command "help".
  if (path.length === 1) rows.push(['help', 'Help about any command']);
  const padding = Math.max(NAME_PADDING, ...rows.map(([name]) => name.length));
  return `\nAvailable Commands:\n${rows
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, short]) => `  ${name.padEnd(padding)} ${short}\n`)
    .join('')}`;
}

/** Models pflag FlagSet.FlagUsages. */
function flagUsages(flags: readonly Flag[]): string {
  const rows = [...flags]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, shorthand, type, usage, default: value }) => {
      const head = `${shorthand === undefined ? '      ' : `  -${shorthand}, `}--${name}`;
      const shown = type === 'string' ? JSON.stringify(value) : value;
      const isZero = value === '' || value === '0' || value === 'false';
      return [
        type === 'bool' ? head : `${head} ${type}`,
        usage + (isZero ? '' : ` (default ${shown})`),
      ] as const;
    });
  const width = Math.max(...rows.map(([head]) => head.length));
  return rows.map(([head, tail]) => `${head.padEnd(width)}   ${tail}\n`).join('');
}
