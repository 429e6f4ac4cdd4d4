import { StatusError } from '../../apimachinery/status.ts';

/** Models k8s.io/apiserver/pkg/storage/errors.go: what a storage backend says before it becomes a Status. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: 'KeyExists' | 'KeyNotFound' | 'InvalidObject';
  readonly key: string;

  constructor(code: StorageError['code'], key: string, detail = '') {
    super(
      `StorageError: ${TEXTS[code].text}, Code: ${TEXTS[code].number}, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${detail}`,
    );
    this.code = code;
    this.key = key;
  }
}

const TEXTS = {
  KeyNotFound: { text: 'key not found', number: 1 },
  KeyExists: { text: 'key exists', number: 2 },
  InvalidObject: { text: 'invalid object', number: 4 },
} as const;

/** 504: the reader asks for a revision that the server has not seen (yet). */
export function tooLargeResourceVersionError(requested: number, current: number): StatusError {
  return new StatusError(
    504,
    'Timeout',
    `Timeout: Too large resource version: ${requested}, current: ${current}`,
    {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  );
}
