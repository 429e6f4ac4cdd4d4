import { expect, test } from 'vitest';
import { parseHelp } from './kubectl-help.mts';

test('parseHelp takes a page apart', () => {
  const page = [
    'Do something.',
    '',
    ' At length.',
    '',
    'Aliases:',
    'thing, th',
    '',
    'Examples:',
    '  # One',
    '  kubectl thing one',
    '',
    'Available Commands:',
    '  one   Do one',
    '  two   Do two',
    '',
    'Options:',
    "    -f, --file='':",
    '\tWhich file. ',
    '',
    '    --quiet=false:',
    '\tSay nothing.',
    '',
    'Usage:',
    '  kubectl thing [options]',
    '',
  ].join('\n');
  expect(parseHelp(page)).toEqual({
    description: 'Do something.\n\n At length.',
    examples: '  # One\n  kubectl thing one',
    usages: { file: 'Which file. ', quiet: 'Say nothing.' },
    subcommands: ['one', 'two'],
  });
});
