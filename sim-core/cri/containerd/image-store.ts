import type { Clock } from '../../clock/clock.ts';
import { LazyModule } from '../../clock/lazy-module.ts';
import { Rand } from '../../clock/rand.ts';
import type { ImageService, ImageStatus } from '../runtime-service.ts';
import { CriError } from '../runtime-service.ts';
import type { Image } from './image.ts';
import { type ImageReference, parseImageReference, referenceText } from './reference.ts';

/** What can be pulled from elsewhere: nobody asks before the first pull. */
const registries = new LazyModule(() => import('./image-registry.ts'));

/** How long a pull takes: a round of questions, then the bytes. */
const PULL_BASE_MS = 500;
const PULL_BYTES_PER_MS = 128 * 1024;
/** How long it takes to learn that the image is here already. */
const CHECK_MS = 150;
/** How long a registry takes to refuse. */
const REFUSAL_MS = 400;

/** An image on the machine. */
export interface StoredImage {
  readonly image: Image;
  readonly status: ImageStatus;
}

export interface ImageStoreConfig {
  /** What can be pulled beside the public images, and all that is present. */
  readonly images: readonly Image[];
  /** Images that are there from the start, by full name: "registry.k8s.io/pause:3.10.1". */
  readonly present: readonly string[];
}

/** The images of one machine and the registries behind it. Models containerd's CRI image service. */
export class ImageStore implements ImageService {
  readonly #clock: Clock;
  readonly #config: ImageStoreConfig;
  /** By full reference; several references may lead to one image. */
  readonly #stored = new Map<string, StoredImage>();
  /** What a list gives, until an image comes or goes. */
  #listed: readonly ImageStatus[] | undefined;

  constructor(clock: Clock, config: ImageStoreConfig) {
    this.#clock = clock;
    this.#config = config;
    for (const name of config.present) {
      const reference = parseImageReference(name);
      const image = reference && available(config.images, reference);
      if (image === undefined) throw new Error(`image ${name} is to be present and in no registry`);
      this.#store(name, image);
    }
  }

  /** Full names of the images that are on the machine. */
  present(): string[] {
    return [...this.#stored.keys()];
  }

  /** What a container of this image runs; undefined if it is not on the machine. */
  find(name: string): StoredImage | undefined {
    const reference = parseImageReference(name);
    if (reference !== undefined) {
      const stored = this.#stored.get(referenceText(reference));
      if (stored !== undefined) return stored;
    }
    for (const stored of this.#stored.values()) {
      if (stored.status.id === name || stored.status.repoDigests.includes(name)) return stored;
    }
    return undefined;
  }

  async listImages(): Promise<readonly ImageStatus[]> {
    return (this.#listed ??= [...new Set([...this.#stored.values()].map(({ status }) => status))]);
  }

  async imageStatus(image: string): Promise<ImageStatus | undefined> {
    return this.find(image)?.status;
  }

  async pullImage(name: string): Promise<string> {
    const reference = parseImageReference(name);
    if (reference === undefined) {
      throw new CriError(
        'InvalidArgument',
        `failed to parse image reference ${JSON.stringify(name)}: invalid reference format`,
      );
    }
    const full = referenceText(reference);
    const failed = `failed to pull and unpack image ${JSON.stringify(full)}: failed to resolve reference ${JSON.stringify(full)}: `;
    const { registry, repository, tag } = reference;
    const { PUBLIC_IMAGES, REGISTRIES } = await registries.load(this.#clock);
    if (!REGISTRIES.includes(registry)) {
      await this.#clock.sleep(REFUSAL_MS);
      const host = registry.replace(/:\d+$/, '');
      throw new CriError(
        'Unknown',
        `${failed}failed to do request: Head "https://${registry}/v2/${repository}/manifests/${tag}": dial tcp: lookup ${host} on 127.0.0.53:53: no such host`,
      );
    }
    const image = available(PUBLIC_IMAGES, reference) ?? available(this.#config.images, reference);
    if (image === undefined) {
      await this.#clock.sleep(REFUSAL_MS);
      const isKnown = [...PUBLIC_IMAGES, ...this.#config.images].some(
        ({ name: known }) => known === nameOf(reference),
      );
      throw isKnown || registry === 'registry.k8s.io'
        ? new CriError('NotFound', `${failed}${full}: not found`)
        : new CriError(
            'Unknown',
            `${failed}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
          );
    }
    const known = this.#stored.get(full);
    await this.#clock.sleep(
      known === undefined ? PULL_BASE_MS + Math.round(image.size / PULL_BYTES_PER_MS) : CHECK_MS,
    );
    return (known ?? this.#store(full, image)).status.repoDigests[0]!;
  }

  async removeImage(name: string): Promise<void> {
    const stored = this.find(name);
    if (stored === undefined) return;
    for (const tag of stored.status.repoTags) this.#stored.delete(tag);
    this.#listed = undefined;
  }

  #store(full: string, image: Image): StoredImage {
    const stored = {
      image,
      status: {
        id: `sha256:${digestOf(`config of ${full}`)}`,
        repoTags: [full],
        repoDigests: [`${image.name}@sha256:${digestOf(full)}`],
        size: image.size,
        uid: image.runAs === undefined ? 0 : image.runAs.uid,
        username: image.runAs?.uid === undefined ? (image.runAs?.name ?? '') : '',
      },
    };
    this.#stored.set(full, stored);
    this.#listed = undefined;
    return stored;
  }
}

function available(images: readonly Image[], reference: ImageReference): Image | undefined {
  const wanted = nameOf(reference);
  return images.find(({ name, tags }) => name === wanted && tags.test(reference.tag));
}

/** "docker.io/library/nginx". */
function nameOf({ registry, repository }: ImageReference): string {
  return `${registry}/${repository}`;
}

/** Stands for the content's hash: the same name has the same one everywhere. */
function digestOf(full: string): string {
  return new Rand(full).hex(32);
}
