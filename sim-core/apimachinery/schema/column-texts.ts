import type { Clock } from '../../clock/clock.ts';
import { LazyModule } from '../../clock/lazy-module.ts';
import { COLUMN_TEXTS_OF } from './generated/column-texts.ts';
import { packageOfType } from './go-package.ts';

const MODULES = new Map(
  Object.entries(COLUMN_TEXTS_OF).map(([name, fetch]) => [name, new LazyModule(fetch)]),
);

/** Fetches the texts of the fields of `types`, for {@link describe}; simulated time stands still. */
export async function loadColumnTexts(types: Iterable<string>, clock: Clock): Promise<void> {
  const packages = new Set([...types].map(packageOfType));
  const modules = [...packages].map((name) => MODULES.get(name)?.fetch());
  await clock.outside(Promise.all(modules));
}

/**
 * The text of a field that column-descriptions.ts lists, once it was loaded. Throws for a field that it lacks:
 * add the field there and run the generator (`npx tsx tools/generate-schema.mts`).
 */
export function describe(of: string, field: string): string {
  const key = `${of}.${field}`;
  const texts = MODULES.get(packageOfType(of))?.loaded.COLUMN_TEXTS ?? {};
  const text = Object.hasOwn(texts, key) ? texts[key] : undefined;
  if (text === undefined) throw new Error(`schema/column-descriptions.ts does not list ${key}`);
  return text;
}
