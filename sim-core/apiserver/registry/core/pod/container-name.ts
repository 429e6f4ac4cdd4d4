import type { Pod } from 'kubernetes-types/core/v1';
import { badRequestError } from '../../../../apimachinery/status.ts';

const namesOf = (containers: readonly { readonly name: string }[] | undefined) =>
  (containers ?? []).map(({ name }) => name);

/**
 * The container that a request means: the one it names, or the pod's only one. Throws a 400 else.
 * Models pkg/registry/core/pod/strategy.go validateContainer.
 */
export function resolveContainer(container: string, pod: Pod): string {
  const name = pod.metadata?.name ?? '';
  const regular = namesOf(pod.spec?.containers);
  const init = namesOf(pod.spec?.initContainers);
  const ephemeral = namesOf(pod.spec?.ephemeralContainers);
  if (container !== '') {
    if ([...regular, ...init, ...ephemeral].includes(container)) return container;
    throw badRequestError(`container ${container} is not valid for pod ${name}`);
  }
  const [only] = regular;
  if (only === undefined) throw badRequestError(`a container name must be specified for pod ${name}`);
  if (regular.length === 1) return only;
  let text = `a container name must be specified for pod ${name}, choose one of: [${regular.join(' ')}]`;
  if (init.length > 0) text += ` or one of the init containers: [${init.join(' ')}]`;
  if (ephemeral.length > 0) text += ` or one of the ephemeral containers: [${ephemeral.join(' ')}]`;
  throw badRequestError(text);
}
