import { loadDescriptions } from '../simulator.ts';
import { complete } from './completion.ts';
import { findHover } from './hover.ts';

export { findProblems } from './problems.ts';

/** What may stand at an offset of a text; the fields' descriptions are fetched first. */
export async function completeManifest(text: string, offset: number) {
  return complete(text, offset, await loadDescriptions());
}

/** What the field at an offset is, or null. */
export async function hoverManifest(text: string, offset: number) {
  return findHover(text, offset, await loadDescriptions());
}
