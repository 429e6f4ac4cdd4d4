import type { Clock } from '../clock/clock.ts';
import { Rand } from '../clock/rand.ts';
import type { InputStream } from './program.ts';
import { NO_INPUT } from './program.ts';

/** The character devices that a machine has beside its terminals; what is written to them is gone. */
export const DEVICES = ['/dev/null', '/dev/zero', '/dev/random', '/dev/urandom'] as const;

/** How many bytes one read gives, and how long that takes: who reads for ever must let time pass. */
const BLOCK = 4096;
const BLOCK_MS = 1;
/** A byte that is no ASCII stands as a lone surrogate, so that each of them is one character. */
const ESCAPE = 0xdc00;

/** What reading the device at `path` gives: /dev/zero and /dev/urandom have no end. `seed` says which random bytes. */
export function deviceInput(path: string, clock: Clock, seed: string): InputStream {
  const endless = (block: () => string): InputStream => ({
    async read() {
      await clock.sleep(BLOCK_MS, { periodic: true });
      return block();
    },
  });
  switch (path) {
    case '/dev/zero':
      return endless(() => '\0'.repeat(BLOCK));
    case '/dev/random':
    case '/dev/urandom': {
      const rand = new Rand(seed);
      return endless(() => textOfEach(rand.bytes(BLOCK)));
    }
    default:
      return NO_INPUT;
  }
}

function textOfEach(bytes: Uint8Array): string {
  return String.fromCharCode(...Array.from(bytes, (byte) => (byte < 0x80 ? byte : ESCAPE + byte)));
}
