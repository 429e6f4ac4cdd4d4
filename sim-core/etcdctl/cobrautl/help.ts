import { goQuote } from '../../apimachinery/go-format.ts';
import type { CliCommand, CliProgram } from './command.ts';
import type { Flag } from './flags.ts';

const TAB = 8;

/** What `--help` prints for the last command of `path` of etcdctl. Models pkg/cobrautl/help.go. */
export function helpText<T>(path: readonly CliCommand<T>[]): string {
  const command = path.at(-1)!;
  const program = path[0] as CliProgram<T>;
  const isRoot = path.length === 1;
  const name = path
    .slice(isRoot ? 0 : 1)
    .map(word)
    .join(' ');
  const { subcommands } = command;
  // cobra gives every command a flag --help.
  const own: Flag[] = [
    ...(command.flags ?? []),
    { name: 'help', shorthand: 'h', type: 'bool', default: 'false', usage: `help for ${word(command)}` },
  ];
  const inherited = path.slice(0, -1).flatMap(({ flags = [] }) => flags);
  const parents = path.slice(0, -1).map(word);
  const useLine = [...parents, command.use, ...(command.use.includes('[flags]') ? [] : ['[flags]'])].join(
    ' ',
  );
  return [
    `NAME:\n\t${name} - ${command.short}\n\nUSAGE:\n\t${useLine}\n`,
    isRoot ? `\nVERSION:\n\t${program.version}\n` : '',
    subcommands === undefined ? '' : `\nAPI VERSION:\n\t${program.apiVersion}\n`,
    subcommands === undefined ? '' : `\n\nCOMMANDS:\n${commandLines(command)}`,
    command.long === undefined ? '' : `\nDESCRIPTION:\n${descriptionLines(command.long)}`,
    `\nOPTIONS:\n${flagLines(own)}`,
    inherited.length === 0 ? '' : `\nGLOBAL OPTIONS:\n${flagLines(inherited)}`,
    '\n',
  ].join('');
}

const word = ({ use }: { readonly use: string }): string => use.split(' ')[0]!;

function commandLines<T>(command: CliCommand<T>): string {
  const rows = runnable(command, '').sort(([a], [b]) => (a < b ? -1 : 1));
  return columns(rows)
    .map((line) => `\t${line}\n`)
    .join('');
}

function runnable<T>(command: CliCommand<T>, prefix: string): [string, string][] {
  return (command.subcommands ?? []).flatMap((child): [string, string][] => {
    const name = `${prefix}${word(child)}`;
    return [
      ...(child.run === undefined ? [] : [[name, child.short] as [string, string]]),
      ...runnable(child, `${name} `),
    ];
  });
}

function descriptionLines(text: string): string {
  return text
    .replace(/^\n+|\n+$/g, '')
    .split('\n')
    .map((line) => `\t${line}\n`)
    .join('');
}

function flagLines(flags: readonly Flag[]): string {
  const rows = [...flags]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((flag): [string, string] => {
      const { name, shorthand, type, usage } = flag;
      const head = `${shorthand === undefined ? '      ' : `  -${shorthand}, `}--${name}`;
      return [`${head}${type === 'bool' ? `[=${flag.default}]` : `=${shownDefault(flag)}`}`, usage];
    });
  return columns(rows)
    .map((line) => `${line}\n`)
    .join('');
}

function shownDefault({ type, default: value }: Flag): string {
  if (type === 'string') return goQuote(value);
  return type === 'stringSlice' ? `[${value}]` : value;
}

/** Two columns, the first padded with tabs. Models text/tabwriter with tabs of 8. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.ceil((Math.max(0, ...rows.map(([head]) => head.length)) + 1) / TAB) * TAB;
  return rows.map(([head, tail]) => head + '\t'.repeat(Math.ceil((width - head.length) / TAB)) + tail);
}
