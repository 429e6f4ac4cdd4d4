import { OUTPUT } from './command.ts';
import { Fatal } from './invocation.ts';
import type { Parsed } from './options.ts';

/** The labels by which a container says whose it is. Models kubelet types/labels.go. */
export const LABELS = {
  container: 'io.kubernetes.container.name',
  pod: 'io.kubernetes.pod.name',
  namespace: 'io.kubernetes.pod.namespace',
};
/** How the states of containers and sandboxes are shown. */
export const STATES: Readonly<Record<string, string>> = {
  CONTAINER_CREATED: 'Created',
  CONTAINER_RUNNING: 'Running',
  CONTAINER_EXITED: 'Exited',
  SANDBOX_READY: 'Ready',
  SANDBOX_NOTREADY: 'NotReady',
};
/** The options of `ps` and `pods`. */
export const LISTING = {
  id: { value: true },
  label: { value: true },
  last: { short: 'n', value: true },
  latest: { short: 'l' },
  name: { value: true },
  namespace: { value: true },
  'no-trunc': {},
  output: OUTPUT,
  quiet: { short: 'q' },
  state: { short: 's', value: true },
  verbose: { short: 'v' },
};

/** --name and --namespace. */
export function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new Fatal(`invalid regular expression ${JSON.stringify(text)}`);
  }
}

/** --label. */
export function labelsOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [key = '', value] = text.split('=');
      if (value === undefined) throw new Fatal(`incorrectly specified label: ${text}`);
      return [key, value];
    }),
  );
}

/** --latest and --last. */
export function newest<T>(found: readonly T[], { has, text }: Parsed): readonly T[] {
  if (has('latest')) return found.slice(0, 1);
  const last = Number(text('last') || 0);
  return last > 0 ? found.slice(0, last) : found;
}
