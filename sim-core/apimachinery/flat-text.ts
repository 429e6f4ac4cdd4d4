/**
 * The same text, in one piece of memory. Engines keep a text that was put together as the tree of its parts until
 * somebody reads a character: several times as large, and each part is one more thing to look after. For texts
 * that are kept long.
 */
export function flat(text: string): string {
  text.charCodeAt(0);
  return text;
}
