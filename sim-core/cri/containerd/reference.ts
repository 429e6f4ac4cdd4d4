/** An image reference in its parts; the registry and the tag are filled in as docker does. */
export interface ImageReference {
  /** "docker.io". */
  readonly registry: string;
  /** "library/nginx". */
  readonly repository: string;
  /** "latest" if neither tag nor digest was given; "" with a digest alone. */
  readonly tag: string;
  /** "sha256:…", or "". */
  readonly digest: string;
}

const REFERENCE = /^([a-z0-9][a-zA-Z0-9._:/-]*?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;
const NAME = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

/**
 * Takes "nginx", "nginx:1.27" or "registry.k8s.io/pause:3.10" apart; undefined if it is no reference.
 * Models github.com/distribution/reference ParseDockerRef.
 */
export function parseImageReference(text: string): ImageReference | undefined {
  const match = REFERENCE.exec(text);
  if (match === null) return undefined;
  const [, name = '', tag = '', digest = ''] = match;
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasRegistry = first.includes('.') || first.includes(':') || first === 'localhost';
  const registry = hasRegistry ? first : 'docker.io';
  const path = hasRegistry ? name.slice(slash + 1) : name;
  if (!NAME.test(path)) return undefined;
  const repository = registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  return { registry, repository, tag: tag === '' && digest === '' ? 'latest' : tag, digest };
}

/** "docker.io/library/nginx:1.27". */
export function referenceText({ registry, repository, tag, digest }: ImageReference): string {
  return `${registry}/${repository}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
}
