import { expect, test } from 'vitest';
import { UsageError } from '../options.ts';
import { parseServeOptions } from './options.ts';

const DEFAULTS = { port: 6443, kubeconfig: 'kubeconfig', components: 'all' };

test.each([
  { args: [], want: {} },
  { args: ['--port', '0', '--components=apiserver'], want: { port: 0, components: 'apiserver' } },
  {
    args: ['--etcd', 'http://127.0.0.1:2379', '--components', 'apiserver', '--pki', 'p'],
    want: { etcd: 'http://127.0.0.1:2379', components: 'apiserver', pki: 'p' },
  },
  { args: ['--seed=7', '--kubeconfig', 'a/b'], want: { seed: 7, kubeconfig: 'a/b' } },
])('parseServeOptions $args', ({ args, want }) => {
  expect(parseServeOptions(args)).toEqual({ ...DEFAULTS, ...want });
});

test.each([
  { args: ['--port'], message: '--port needs a value' },
  { args: ['--port', 'x'], message: '--port takes a whole number, got "x"' },
  { args: ['--port', '70000'], message: '--port takes a number up to 65535, got 70000' },
  { args: ['--components', 'etcd'], message: '--components takes apiserver or all, got "etcd"' },
  {
    args: ['--etcd', 'http://127.0.0.1:2379'],
    message: '--etcd goes with --components apiserver: the control plane of all has its etcd in a pod',
  },
  { args: ['--verbose'], message: 'unknown option --verbose' },
  { args: ['constructor'], message: 'unknown option constructor' },
])('parseServeOptions refuses $args', ({ args, message }) => {
  expect(() => parseServeOptions(args)).toThrow(new UsageError(message));
});
