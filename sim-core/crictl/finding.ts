import type { ContainerStatus, ImageStatus, PodSandboxStatus } from '../cri/runtime-service.ts';
import { type CrictlInvocation, Fatal } from './invocation.ts';

function only<T extends { readonly id: string }>(found: readonly T[], id: string, what: string): T {
  const matching = found.filter((one) => one.id.startsWith(id));
  if (id !== '' && matching.length === 1) return matching[0]!;
  throw new Fatal(
    `rpc error: code = NotFound desc = an error occurred when try to find ${what} "${id}": not found`,
  );
}

/** The container whose id begins so. Throws a {@link Fatal} unless there is one. */
export async function container(
  { runtime }: CrictlInvocation,
  id: string | undefined,
): Promise<ContainerStatus> {
  if (id === undefined) throw new Fatal('ID cannot be empty');
  return only(await runtime.listContainers(), id, 'container');
}

/** The same of a pod sandbox. */
export async function sandbox(
  { runtime }: CrictlInvocation,
  id: string | undefined,
): Promise<PodSandboxStatus> {
  if (id === undefined) throw new Fatal('ID cannot be empty');
  return only(await runtime.listPodSandbox(), id, 'sandbox');
}

/** An image by name, or by the beginning of its id. */
export async function imageOf(
  images: CrictlInvocation['images'],
  name: string,
): Promise<ImageStatus | undefined> {
  const found = await images.imageStatus(name);
  if (found !== undefined || !/^[0-9a-f]{3,64}$/.test(name)) return found;
  return (await images.listImages()).find(({ id }) => id.startsWith(`sha256:${name}`));
}
