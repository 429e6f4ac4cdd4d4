/** The texts of types and fields, as kubectl explain prints them. */
export interface Descriptions {
  /** Of a type ("io.k8s.api.core.v1.Pod"), or of one of its fields; "" if there is none. */
  describe(of: string, field?: string): string;
  /** The values that a field takes, or the items of a list or map; undefined if they are any. */
  enumOf(of: string, field: string, items?: boolean): readonly string[] | undefined;
}

/** Loads all texts (about 180 KB compressed). */
export async function loadDescriptions(): Promise<Descriptions> {
  const [{ DESCRIPTIONS }, { enumOf, enumText }] = await Promise.all([
    import('./generated/descriptions.ts'),
    import('./enums.ts'),
  ]);
  const { texts, types } = JSON.parse(DESCRIPTIONS) as {
    texts: string[];
    types: Record<string, [own: number, fields: Record<string, number>]>;
  };
  return {
    describe(of, field) {
      const type = Object.hasOwn(types, of) ? types[of]! : undefined;
      const [own, fields] = type ?? [0, {}];
      if (field === undefined) return type === undefined ? '' : texts[own]!;
      const text = Object.hasOwn(fields, field) ? texts[fields[field]!]! : '';
      return text + enumText(of, field);
    },
    enumOf,
  };
}
