/** --cascade as the server knows it. Models pkg/cmd/util GetCascadingStrategy. */
export function propagationOf(cascade: string): string {
  const policies: Readonly<Record<string, string>> = {
    background: 'Background',
    foreground: 'Foreground',
    orphan: 'Orphan',
    true: 'Background',
    false: 'Orphan',
  };
  const policy = policies[cascade];
  if (policy === undefined) {
    throw new Error(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`);
  }
  return policy;
}
