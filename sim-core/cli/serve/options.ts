import { UsageError, wholeNumber } from '../options.ts';

/** What `sim serve` was asked for. */
export interface ServeOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Where the kubeconfig goes. */
  readonly kubeconfig: string;
  readonly components: 'apiserver' | 'all';
  /** Of a real etcd; missing: one in memory. */
  readonly etcd?: string;
  /** Missing: every start gets one of its own. */
  readonly seed?: number;
  /** Keeps CA and keys between starts. */
  readonly pki?: string;
}

const DEFAULT_PORT = 6443;
const DEFAULT_KUBECONFIG = 'kubeconfig';
const COMPONENTS = ['apiserver', 'all'] as const;

/** Reads the arguments after `serve`; throws a {@link UsageError}. */
export function parseServeOptions(args: readonly string[]): ServeOptions {
  const options: { -readonly [K in keyof ServeOptions]: ServeOptions[K] } = {
    port: DEFAULT_PORT,
    kubeconfig: DEFAULT_KUBECONFIG,
    components: 'all',
  };
  const setters: Readonly<Record<string, (value: string) => void>> = {
    '--port': (value) => (options.port = portNumber(value)),
    '--kubeconfig': (value) => (options.kubeconfig = value),
    '--components': (value) => (options.components = componentsOf(value)),
    '--etcd': (value) => (options.etcd = value),
    '--seed': (value) => (options.seed = wholeNumber('--seed', value)),
    '--pki': (value) => (options.pki = value),
  };
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    const equals = argument.indexOf('=');
    const name = equals < 0 ? argument : argument.slice(0, equals);
    const set = Object.hasOwn(setters, name) ? setters[name] : undefined;
    if (set === undefined) throw new UsageError(`unknown option ${argument}`);
    const value = equals < 0 ? args[++index] : argument.slice(equals + 1);
    if (value === undefined || value === '') throw new UsageError(`${name} needs a value`);
    set(value);
  }
  if (options.etcd !== undefined && options.components === 'all') {
    throw new UsageError(
      '--etcd goes with --components apiserver: the control plane of all has its etcd in a pod',
    );
  }
  return options;
}

function portNumber(value: string): number {
  const port = wholeNumber('--port', value);
  if (port > 65_535) throw new UsageError(`--port takes a number up to 65535, got ${value}`);
  return port;
}

function componentsOf(value: string): ServeOptions['components'] {
  const found = COMPONENTS.find((known) => known === value);
  if (found === undefined) {
    throw new UsageError(`--components takes ${COMPONENTS.join(' or ')}, got ${JSON.stringify(value)}`);
  }
  return found;
}
