import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { settle } from '../../testing/settle.ts';
import { findCommand, parseCommand, suggestionsFor } from './command.ts';
import { type Flag, parseFlags } from './flags.ts';

const FLAGS: readonly Flag[] = [
  { name: 'namespace', shorthand: 'n', type: 'string' },
  { name: 'watch', shorthand: 'w', type: 'bool', default: 'false' },
  { name: 'all', shorthand: 'A', type: 'bool', default: 'false' },
  { name: 'filename', shorthand: 'f', type: 'stringSlice' },
  { name: 'env', type: 'stringArray' },
  { name: 'replicas', type: 'int', default: '1' },
  { name: 'timeout', type: 'duration', default: '30s' },
  { name: 'dry-run', type: 'string', default: 'none', noOptionDefault: 'unchanged' },
];

describe('parseFlags', () => {
  it.each([
    [
      'flags among arguments',
      ['get', '-n', 'dev', 'pods', '-w'],
      ['get', 'pods'],
      { namespace: 'dev', watch: 'true' },
    ],
    ['values after =', ['--namespace=dev', '-n=x', '--watch=false'], [], { namespace: 'x', watch: 'false' }],
    ['joined shorthands', ['-wAndev'], [], { watch: 'true', all: 'true', namespace: 'dev' }],
    ['a flag whose value may be left out', ['--dry-run', 'client'], ['client'], { 'dry-run': 'unchanged' }],
    ['everything after --', ['a', '--', '-n', 'b'], ['a', '-n', 'b'], { namespace: '' }],
    ['a lone dash', ['-f', '-'], [], { filename: '-' }],
  ])('reads %s', (_, args, rest, values) => {
    const parsed = parseFlags(args, FLAGS);
    expect(parsed.args).toEqual(rest);
    for (const [name, value] of Object.entries(values)) expect(parsed.flags.string(name), name).toBe(value);
  });

  it('reads lists, numbers and durations', () => {
    const { flags } = parseFlags(
      ['-f', 'a,b', '-f', 'c', '--env', 'x=1,2', '--replicas', '3', '--timeout=1m30s'],
      FLAGS,
    );
    expect(flags.list('filename')).toEqual(['a', 'b', 'c']);
    expect(flags.list('env')).toEqual(['x=1,2']);
    expect(flags.number('replicas')).toBe(3);
    expect(flags.duration('timeout')).toBe(90_000);
    expect([flags.changed('replicas'), flags.changed('watch')]).toEqual([true, false]);
  });

  it.each([
    [['--nope'], 'unknown flag: --nope'],
    [['-z'], "unknown shorthand flag: 'z' in -z"],
    [['-wz'], "unknown shorthand flag: 'z' in -z"],
    [['-n'], "flag needs an argument: 'n' in -n"],
    [['--namespace'], 'flag needs an argument: --namespace'],
    [
      ['--replicas=x'],
      'invalid argument "x" for "--replicas" flag: strconv.ParseInt: parsing "x": invalid syntax',
    ],
    [
      ['-w=maybe'],
      'invalid argument "maybe" for "-w, --watch" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    [['--timeout=5'], 'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"'],
  ])('refuses %j', (args, message) => {
    expect(() => parseFlags(args, FLAGS)).toThrow(message);
  });
});

describe('findCommand', () => {
  const root = {
    name: 'kubectl',
    short: '',
    subcommands: [
      {
        name: 'create',
        short: '',
        subcommands: [
          {
            name: 'namespace',
            aliases: ['ns'],
            short: '',
            flags: [{ name: 'user', type: 'stringArray' as const }],
          },
        ],
      },
      { name: 'set', short: '' },
      { name: 'get', short: '', suggestFor: ['list'] },
    ],
  };
  const clock = new VirtualClock({ start: 0, settle });
  const names = async (args: readonly string[]) =>
    (await findCommand(root, args, FLAGS, clock)).path.map(({ name }) => name);

  it.each([
    [
      ['get', 'pods'],
      ['kubectl', 'get'],
    ],
    [
      ['-n', 'get', 'create', 'ns', 'dev'],
      ['kubectl', 'create', 'namespace'],
    ],
    [
      ['-w', 'get'],
      ['kubectl', 'get'],
    ],
    [['--', 'get'], ['kubectl']],
    [['gett'], ['kubectl']],
  ])('%j', async (args, path) => expect(await names(args)).toEqual(path));

  it('lets the flag of a command hide a global one of the same name', async () => {
    const found = await findCommand(root, ['create', 'ns', '--user=a', '--user=b'], [], clock);
    const { flags } = parseCommand(found, [{ name: 'user', type: 'string' }]);
    expect(flags.list('user')).toEqual(['a', 'b']);
  });

  it('suggests what was meant', () => {
    expect(suggestionsFor(root, 'gett')).toEqual(['set', 'get']);
    expect(suggestionsFor(root, 'list')).toEqual(['get']);
    expect(suggestionsFor(root, 'xyzzy')).toEqual([]);
  });
});
