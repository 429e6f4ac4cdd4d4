import type { KeyboardEvent } from 'react';
import styles from './styles.module.css';

/** What can be seen of a run. */
export const TABS = [
  { id: 'output', title: '결과' },
  { id: 'flow', title: '요청 흐름' },
  { id: 'etcd', title: 'etcd 변화' },
  { id: 'events', title: '이벤트' },
] as const;
/** All but the result itself. */
export const FURTHER_TABS = TABS.slice(1);

type Tab = (typeof TABS)[number];
export type TabId = Tab['id'];
/** How much there is to see behind a tab. */
type TabCounts = Partial<Record<TabId, number>>;

export interface TabsProps {
  readonly tabs: readonly Tab[];
  /** Of the block; its panel is `${id}-panel`. */
  readonly id: string;
  readonly chosen: TabId;
  readonly counts: TabCounts;
  readonly onChoose: (tab: TabId) => void;
}

/** A row of tabs above the panel that they choose what of is shown. */
export function Tabs({ tabs, id, chosen, counts, onChoose }: TabsProps) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = tabs.findIndex((tab) => tab.id === chosen);
    const next = tabs[(index + step + tabs.length) % tabs.length]!;
    onChoose(next.id);
    document.getElementById(`${id}-${next.id}`)?.focus();
  };
  return (
    <div className={styles.tabs} role="tablist" aria-label="결과 보기" onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={`${id}-${tab.id}`}
          aria-selected={tab.id === chosen}
          aria-controls={`${id}-panel`}
          tabIndex={tab.id === chosen ? 0 : -1}
          onClick={() => onChoose(tab.id)}
        >
          <TabTitle tab={tab} counts={counts} />
        </button>
      ))}
    </div>
  );
}

export interface TabOpenersProps {
  readonly counts: TabCounts;
  readonly onOpen: (tab: TabId) => void;
}

/** In the place of the tabs, where the result stays and the others come up over the page. */
export function TabOpeners({ counts, onOpen }: TabOpenersProps) {
  return (
    <div className={styles.tabs} role="group" aria-label="결과 더 보기">
      {FURTHER_TABS.map((tab) => (
        <button key={tab.id} type="button" aria-haspopup="dialog" onClick={() => onOpen(tab.id)}>
          <TabTitle tab={tab} counts={counts} /> <span aria-hidden="true">▴</span>
        </button>
      ))}
    </div>
  );
}

function TabTitle({ tab, counts }: { readonly tab: Tab; readonly counts: TabCounts }) {
  const count = counts[tab.id] ?? 0;
  return (
    <>
      {tab.title}
      {count > 0 && <span className={styles.count}> {count}</span>}
    </>
  );
}
