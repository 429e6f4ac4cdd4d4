const DOMAIN_COMPONENT = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*(?::[0-9]+)?`;
const PATH_COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-*)[a-z0-9]+)*';
const TAG = '\\w[\\w.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const REFERENCE = new RegExp(
  `^(?:${DOMAIN}/)?${PATH_COMPONENT}(?:/${PATH_COMPONENT})*(?::(?<tag>${TAG}))?(?:@(?<digest>${DIGEST}))?$`,
);
/** An image's id is no name. */
const IDENTIFIER = /^[a-f0-9]{64}$/;
const MAX_NAME = 255;
/** How many hexadecimal digits a digest of an algorithm has. */
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Tag and digest of an image's name, "" where it has none. */
export interface ImageName {
  readonly tag: string;
  readonly digest: string;
}

/**
 * Takes an image's name apart; one with neither tag nor digest has the tag "latest". Undefined for
 * a text that is no such name.
 *
 * Models pkg/util/parsers ParseImageName, with distribution's ParseNormalizedNamed.
 */
export function parseImageName(image: string): ImageName | undefined {
  if (IDENTIFIER.test(image)) return undefined;
  const matched = REFERENCE.exec(normalized(image));
  if (matched === null) return undefined;
  const { tag = '', digest = '' } = matched.groups!;
  const suffix = (part: string) => (part === '' ? 0 : part.length + 1);
  const nameLength = matched[0].length - suffix(tag) - suffix(digest);
  if (nameLength > MAX_NAME || (digest !== '' && !isDigest(digest))) return undefined;
  return { tag: tag === '' && digest === '' ? 'latest' : tag, digest };
}

/** With its registry: "nginx" is "docker.io/library/nginx". Models splitDockerDomain. */
function normalized(image: string): string {
  const slash = image.indexOf('/');
  const first = image.slice(0, Math.max(slash, 0));
  if (slash >= 0 && (/[.:]/.test(first) || first === 'localhost')) return image;
  return `docker.io/${slash < 0 ? 'library/' : ''}${image}`;
}

function isDigest(digest: string): boolean {
  const colon = digest.indexOf(':');
  const length = DIGEST_LENGTHS[digest.slice(0, colon)];
  return length === digest.length - colon - 1 && /^[0-9a-f]+$/.test(digest.slice(colon + 1));
}
