import type { Descriptions } from '../simulator.ts';
import { loadDescriptions } from '../simulator.ts';
import { complete } from './completion.ts';
import { findHover } from './hover.ts';
import type { Kinds } from './kinds.ts';
import { withTexts } from './kinds.ts';

export { kindsOf } from './kinds.ts';
export { findProblems } from './problems.ts';

/** What may stand at an offset of a text; the fields' descriptions are fetched first. */
export async function completeManifest(text: string, offset: number, kinds: Kinds) {
  return complete(text, offset, kinds, await textsOf(kinds));
}

/** What the field at an offset is, or null. */
export async function hoverManifest(text: string, offset: number, kinds: Kinds) {
  return findHover(text, offset, kinds, await textsOf(kinds));
}

async function textsOf(kinds: Kinds): Promise<Descriptions> {
  return withTexts(kinds, await loadDescriptions());
}
