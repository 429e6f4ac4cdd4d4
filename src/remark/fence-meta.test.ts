import { describe, expect, it } from 'vitest';
import { parseFenceMeta } from './fence-meta.ts';

describe('parseFenceMeta', () => {
  it('leaves a fence without "live" alone', () => {
    expect(parseFenceMeta('bash', 'title="alive"')).toBeUndefined();
  });
  it('reads all words', () => {
    expect(
      parseFenceMeta('http', 'live isolated cluster=manual title="두 단어" id=x user=anonymous'),
    ).toEqual({
      kind: 'http',
      title: '두 단어',
      id: 'x',
      isolated: true,
      shape: 'manual',
      user: 'anonymous',
    });
  });
  it('has defaults', () => {
    expect(parseFenceMeta('ts', 'live')).toEqual({
      kind: 'ts',
      title: '',
      isolated: false,
      shape: 'kubeadm',
      user: 'kubernetes-admin',
    });
  });
  it.each([
    ['python', 'live', /a live block is one of/],
    ['bash', 'live fast', /knows no "fast"/],
    ['bash', 'live {1,2}', /knows no "\{1,2\}"/],
    ['bash', 'live isolated cluster=k3s', /cluster is one of/],
    ['bash', 'live cluster=manual', /needs "isolated"/],
  ])('refuses %s %s', (language, meta, message) => {
    expect(() => parseFenceMeta(language, meta)).toThrow(message);
  });
});
