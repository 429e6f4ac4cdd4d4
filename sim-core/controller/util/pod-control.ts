import type { Pod, PodTemplateSpec } from 'kubernetes-types/core/v1';
import type { OwnerReference } from 'kubernetes-types/meta/v1';
import { ConnectionError } from '../../apimachinery/http.ts';
import { isReason, StatusError } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import type { EventRecorder, EventSubject } from '../../client-go/tools/record/event-recorder.ts';

/** Makes and deletes the pods of an owner, with events about it. Models pkg/controller RealPodControl. */
export class PodControl {
  readonly #client: RestClient;
  readonly #recorder: EventRecorder;

  constructor(client: RestClient, recorder: EventRecorder) {
    this.#client = client;
    this.#recorder = recorder;
  }

  /** `prefix` begins the pod's name; default: the owner's name and a hyphen. */
  async create(
    owner: EventSubject,
    template: PodTemplateSpec,
    reference: OwnerReference,
    prefix = `${owner.metadata.name}-`,
  ): Promise<void> {
    const { namespace } = owner.metadata;
    const pod = podFromTemplate(template, namespace!, reference, prefix);
    try {
      const created = await this.#client.create<Pod>(RESOURCES.pods, pod, { namespace });
      const message = `Created pod: ${created.metadata!.name}`;
      this.#recorder.event(owner, 'Normal', 'SuccessfulCreate', message);
    } catch (error) {
      if (isServerError(error) && !isNamespaceTerminating(error)) {
        this.#recorder.event(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
      }
      throw error;
    }
  }

  async delete(owner: EventSubject, pod: Pod): Promise<void> {
    const { namespace, name } = pod.metadata!;
    try {
      await this.#client.delete(RESOURCES.pods, name!, { namespace });
      this.#recorder.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
    } catch (error) {
      if (isServerError(error) && !isReason(error, 'NotFound')) {
        this.#recorder.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`);
      }
      throw error;
    }
  }
}

/** True for what a server or the way to it refused. */
export function isServerError(error: unknown): error is StatusError | ConnectionError {
  return error instanceof StatusError || error instanceof ConnectionError;
}

/** The namespace takes nothing new any more. Models errors.HasStatusCause NamespaceTerminatingCause. */
export function isNamespaceTerminating(error: unknown): boolean {
  return (
    error instanceof StatusError &&
    (error.status.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating')
  );
}

/** Models pkg/controller GetPodFromTemplate. */
function podFromTemplate(
  template: PodTemplateSpec,
  namespace: string,
  reference: OwnerReference,
  generateName: string,
): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      generateName,
      namespace,
      labels: labels ?? {},
      ...(annotations !== undefined && { annotations }),
      ...(finalizers !== undefined && { finalizers }),
      ownerReferences: [reference],
    },
    spec: template.spec!,
  };
}
