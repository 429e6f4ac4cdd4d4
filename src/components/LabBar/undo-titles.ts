import type { PageLab } from '../../client/lab-store.ts';

/** What the button says that takes the last thing back. */
export const UNDO_TITLES: Readonly<Record<NonNullable<PageLab['undo']>, string>> = {
  reset: '초기화 취소',
  rewind: '되감기 취소',
  load: '불러오기 취소',
};
