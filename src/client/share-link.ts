import type { SavedLab } from './command-log.ts';
import { parseSavedLab, SavedLabError } from './command-log.ts';
import { SHARED } from './lab-link.ts';

/** What a link may unfold to, in bytes. */
const LIMIT = 2_000_000;

/** "#lab=…": the lab, compressed, in the letters that a fragment may hold. */
export async function toFragment(lab: SavedLab): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(lab));
  const packed = await collect(stream(bytes).pipeThrough(new CompressionStream('deflate-raw')), Infinity);
  return SHARED + toBase64(packed);
}

/** The lab of a link. Rejects with {@link SavedLabError}. */
export async function fromFragment(fragment: string): Promise<SavedLab> {
  let bytes: Uint8Array;
  try {
    const packed = stream(fromBase64(fragment.slice(SHARED.length)));
    bytes = await collect(packed.pipeThrough(new DecompressionStream('deflate-raw')), LIMIT);
  } catch (error) {
    if (error instanceof SavedLabError) throw error;
    throw new SavedLabError('공유 링크가 잘렸거나 깨져 있다.');
  }
  return parseSavedLab(new TextDecoder().decode(bytes));
}

function stream(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new Blob([bytes]).stream();
}

async function collect(source: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = source.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value);
    size += read.value.length;
    if (size > limit) {
      await reader.cancel();
      throw new SavedLabError('공유 링크에 담긴 실습이 너무 크다.');
    }
  }
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
