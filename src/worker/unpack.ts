import { decompress } from 'fzstd';

/** The bytes of a file that the build packed with zstd. Rejects if it cannot be fetched. */
export async function unpack(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  const bytes = decompress(new Uint8Array(await response.arrayBuffer()));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
