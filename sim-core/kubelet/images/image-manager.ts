import type { Container, Pod } from 'kubernetes-types/core/v1';
import type { Clock } from '../../clock/clock.ts';
import { parseImageReference } from '../../cri/containerd/reference.ts';
import type { ImageService } from '../../cri/runtime-service.ts';
import { CriError } from '../../cri/runtime-service.ts';
import type { EventType } from '../../client-go/tools/record/event-recorder.ts';
import { KeyedBackoff } from '../../client-go/util/flowcontrol/backoff.ts';
import { StartError } from '../kuberuntime/errors.ts';
import { uidOf } from '../types.ts';

/** Writes an event about a container of a pod. */
export type RecordContainerEvent = (
  pod: Pod,
  container: Container,
  type: EventType,
  reason: string,
  message: string,
) => void;

/** First and longest wait between two pulls of an image that failed. */
const BACKOFF = { initial: 10_000, max: 300_000 };

/**
 * Brings the images of containers to the node, one at a time.
 *
 * Models pkg/kubelet/images/image_manager.go and puller.go serialImagePuller.
 */
export class ImageManager {
  readonly #clock: Clock;
  readonly #images: ImageService;
  readonly #record: RecordContainerEvent;
  readonly #backoff: KeyedBackoff;
  readonly #lastErrors = new Map<string, string>();
  /** The pull that is under way, and those that wait for it. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, images: ImageService, record: RecordContainerEvent) {
    this.#clock = clock;
    this.#images = images;
    this.#record = record;
    this.#backoff = new KeyedBackoff(clock, BACKOFF);
  }

  /** Rejects with a StartError if the image is not there and cannot be had. */
  async ensureImageExists(pod: Pod, container: Container): Promise<void> {
    const image = container.image ?? '';
    const name = JSON.stringify(image);
    if (parseImageReference(image) === undefined) {
      const message = `Failed to apply default image tag ${name}: couldn't parse image name ${name}: ${formatProblem(image)}`;
      this.#record(pod, container, 'Warning', 'InspectFailed', message);
      throw new StartError('InvalidImageName', message);
    }
    const present = await this.#images.imageStatus(image);
    const policy = container.imagePullPolicy ?? 'IfNotPresent';
    if (policy === 'Never' || (policy === 'IfNotPresent' && present !== undefined)) {
      if (present !== undefined) {
        this.#record(
          pod,
          container,
          'Normal',
          'Pulled',
          `Container image ${name} already present on machine and can be accessed by the pod`,
        );
        return;
      }
      const message = `Container image ${name} is not present with pull policy of Never`;
      this.#record(pod, container, 'Warning', 'ErrImageNeverPull', message);
      throw new StartError('ErrImageNeverPull', message);
    }
    const key = `${uidOf(pod)}_${image}`;
    const wait = this.#backoff.remainingSinceUpdate(key);
    if (wait > 0) {
      const message = `Back-off pulling image ${name}`;
      this.#record(pod, container, 'Normal', 'BackOff', message);
      const last = this.#lastErrors.get(key);
      throw new StartError(
        'ImagePullBackOff',
        last === undefined ? message : `${message}: ErrImagePull: ${last}`,
        wait,
      );
    }
    await this.#pull(pod, container, image, key);
  }

  async #pull(pod: Pod, container: Container, image: string, key: string): Promise<void> {
    const name = JSON.stringify(image);
    this.#record(pod, container, 'Normal', 'Pulling', `Pulling image ${name}`);
    const asked = this.#clock.now();
    let started = asked;
    const pull = this.#queue.then(() => {
      started = this.#clock.now();
      return this.#images.pullImage(image);
    });
    this.#queue = pull.catch(() => {});
    try {
      await pull;
    } catch (error) {
      if (!(error instanceof CriError)) throw error;
      this.#record(pod, container, 'Warning', 'Failed', `Failed to pull image ${name}: ${error.message}`);
      this.#backoff.next(key, this.#clock.now());
      this.#lastErrors.set(key, error.message);
      throw new StartError('ErrImagePull', error.message, this.#backoff.remainingSinceUpdate(key));
    }
    this.#lastErrors.delete(key);
    this.#backoff.reset(key);
    const size = (await this.#images.imageStatus(image))?.size ?? 0;
    const now = this.#clock.now();
    this.#record(
      pod,
      container,
      'Normal',
      'Pulled',
      `Successfully pulled image ${name} in ${durationText(now - started)} (${durationText(now - asked)} including waiting). Image size: ${size} bytes.`,
    );
  }
}

/** Models github.com/distribution/reference ParseNormalizedNamed. */
function formatProblem(image: string): string {
  const path = image.replace(/[:@].*$/, '');
  if (path !== path.toLowerCase()) {
    return `invalid reference format: repository name (${path.includes('/') ? path : `library/${path}`}) must be lowercase`;
  }
  return 'invalid reference format';
}

/** "1.063s", "500ms": how Go prints a duration that is truncated to milliseconds. */
function durationText(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds}ms` : `${milliseconds / 1000}s`;
}
