import type { Part } from '../labs/scenario.ts';

/** What the parts of a lab's points are called. */
export const PART_TITLES: Readonly<Record<Part, string>> = {
  diagnosis: '진단',
  repair: '복구',
  'side-effects': '부작용 없음',
};
