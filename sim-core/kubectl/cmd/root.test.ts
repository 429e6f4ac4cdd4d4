import { describe, expect, test } from 'vitest';
import { root } from './root.ts';

describe('the verbs that are fetched on first use', () => {
  const lazy = root.subcommands!.flatMap((verb) => ('load' in verb ? [verb] : []));

  test.each(lazy)('$name says of itself what the table says', async ({ load, ...listed }) => {
    const { name, short, aliases, suggestFor, hidden } = await load();
    expect(listed).toEqual(JSON.parse(JSON.stringify({ name, short, aliases, suggestFor, hidden })));
  });
});
