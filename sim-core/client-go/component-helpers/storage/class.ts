/** Where claims and volumes named their class before they had a field for it; it still goes first. */
export const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

interface OfAClass {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly storageClassName?: string };
}

/**
 * The name of the class that a claim or a volume is of; "" for none.
 * Models GetPersistentVolumeClaimClass and GetPersistentVolumeClass.
 */
export function classOf({ metadata, spec }: OfAClass): string {
  return metadata?.annotations?.[CLASS_ANNOTATION] ?? spec?.storageClassName ?? '';
}
