import { decodePem } from '../encoding/pem.ts';
import { PrivateKey } from '../keys/private-key.ts';
import { PublicKey } from '../keys/public-key.ts';
import { Certificate } from './certificate.ts';
import { CertPool } from './verify.ts';

/** What PEM blocks say. */
export interface PemContents {
  readonly certificates: readonly Certificate[];
  /** The first private key; undefined also for a kind that is not known here. */
  readonly key?: PrivateKey;
  readonly publicKey?: PublicKey;
  /** Types of all blocks. */
  readonly types: readonly string[];
}

export const isPrivateKey = (type: string): boolean =>
  type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY');

/**
 * Certificates and keys as a file or a field holds them: as text, or as what they say. Each is made from
 * the other when somebody first asks for it.
 */
export class Pem {
  #text: string | undefined;
  #contents: PemContents | undefined;
  #pool: CertPool | undefined;
  readonly #isOwn: boolean;

  private constructor(text: string | undefined, contents?: PemContents, isOwn = false) {
    this.#text = text;
    this.#contents = contents;
    this.#isOwn = isOwn;
  }

  static ofText(text: string): Pem {
    return new Pem(text);
  }

  /** From a text that this simulator wrote: signatures in it need no second look. */
  static ofOwnText(text: string): Pem {
    return new Pem(text, undefined, true);
  }

  /** Certificates first, then the keys. */
  static of(...parts: readonly (Certificate | PrivateKey | PublicKey)[]): Pem {
    const certificates = parts.filter((part) => part instanceof Certificate);
    const key = parts.find((part) => part instanceof PrivateKey);
    const publicKey = parts.find((part): part is PublicKey => !(part instanceof Certificate) && part !== key);
    return new Pem(undefined, {
      certificates,
      ...(key && { key }),
      ...(publicKey && { publicKey }),
      types: [
        ...certificates.map(() => 'CERTIFICATE'),
        ...(key ? ['EC PRIVATE KEY'] : []),
        ...(publicKey ? ['PUBLIC KEY'] : []),
      ],
    });
  }

  get text(): string {
    return (this.#text ??= print(this.#contents!));
  }

  /** Throws a CertificateError for a certificate that cannot be read. */
  get contents(): PemContents {
    return (this.#contents ??= parse(this.#text!, this.#isOwn));
  }

  /** The certificates as authorities; those that cannot be read are passed over. Models CertPool.AppendCertsFromPEM. */
  get pool(): CertPool {
    return (this.#pool ??= new CertPool(
      this.#contents?.certificates ??
        decodePem(this.text).flatMap(({ type, bytes }) => {
          if (type !== 'CERTIFICATE') return [];
          try {
            return [Certificate.parse(bytes, { isOwn: this.#isOwn })];
          } catch {
            return [];
          }
        }),
    ));
  }
}

/** How files hold them. Models encoding/pem. */
export const PEM_FILE = {
  parse: (text: string): Pem => Pem.ofText(text),
  print: (pem: Pem): string => pem.text,
  saved: { name: 'pem', restore: (text: string): Pem => Pem.ofOwnText(text) },
};

function print({ certificates, key, publicKey }: PemContents): string {
  return [...certificates, ...(key ? [key] : []), ...(publicKey ? [publicKey] : [])]
    .map(({ pem }) => pem)
    .join('');
}

function parse(text: string, isOwn: boolean): PemContents {
  const blocks = decodePem(text);
  const keyBlock = blocks.find(({ type }) => isPrivateKey(type));
  const key = keyBlock && PrivateKey.parse(keyBlock);
  const publicBlock = blocks.find(({ type }) => type === 'PUBLIC KEY');
  return {
    certificates: blocks
      .filter(({ type }) => type === 'CERTIFICATE')
      .map(({ bytes }) => Certificate.parse(bytes, { isOwn })),
    ...(key && { key }),
    ...(publicBlock && { publicKey: PublicKey.parse(publicBlock.bytes) }),
    types: blocks.map(({ type }) => type),
  };
}
