/** A header's name as HTTP/1.1 shows it: "Content-Type". Models net/textproto CanonicalMIMEHeaderKey. */
export function canonicalHeader(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}
