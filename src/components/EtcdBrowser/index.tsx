import clsx from 'clsx';
import { memo, useDeferredValue, useMemo, useState } from 'react';
import type { KeyState, TreeRow } from '../../client/etcd-tree.ts';
import { groupOf, keysAt, treeRows } from '../../client/etcd-tree.ts';
import { etcdctlLine } from '../../client/etcdctl-line.ts';
import type { LabPlace } from '../../client/lab-link.ts';
import { useLab, usePageLab } from '../../client/lab-context.tsx';
import { terminalOf } from '../../client/terminal.ts';
import { useEtcdHistory } from '../../client/use-etcd-history.ts';
import { VirtualList } from '../VirtualList/index.tsx';
import { KeyDetails } from './key-details.tsx';
import styles from './styles.module.css';
import { WatchList } from './watch-list.tsx';

const ROW_HEIGHT = 28;

export interface EtcdBrowserProps {
  readonly place: LabPlace;
  readonly onGo: (place: LabPlace) => void;
}

/** All keys of the cluster's etcd at any revision since the lab began, with their history. */
export function EtcdBrowser({ place, onGo }: EtcdBrowserProps) {
  const { status } = usePageLab();
  const history = useEtcdHistory();
  const [search, setSearch] = useState('');
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [view, setView] = useState<'keys' | 'watch'>('keys');
  const { key } = place;
  // Without a revision of its own the view follows the newest.
  const revision = Math.min(place.revision ?? status.revision, status.revision);
  const shown = useDeferredValue(revision);

  const states = useMemo(
    () => (history === undefined ? [] : keysAt(history.base, history.changes, shown)),
    [history, shown],
  );
  const open = useMemo(
    () => new Set([...opened, ...(key === undefined ? [] : [groupOf(key)])]),
    [opened, key],
  );
  const rows = useMemo(() => treeRows(states, open, search), [states, open, search]);
  const chosen = rows.findIndex((row) => row.type === 'key' && row.state.key === key);

  if (history === undefined) return <p className={styles.note}>불러오는 중</p>;
  const go = (change: Partial<LabPlace>) => onGo({ ...place, panel: 'etcd', ...change });
  const toggle = (prefix: string, to: boolean) => {
    const next = new Set(open);
    if (to) next.add(prefix);
    else next.delete(prefix);
    setOpened(next);
    if (!to && key !== undefined && groupOf(key) === prefix) onGo({ panel: 'etcd' });
  };
  const onChoose = (index: number) => {
    const row = rows[index];
    if (row?.type === 'group') toggle(row.prefix, !row.open);
    else if (row !== undefined) go({ key: row.state.key });
  };
  return (
    <div className={styles.browser}>
      <RevisionSlider
        first={history.first}
        last={status.revision}
        revision={revision}
        following={place.revision === undefined}
        onChange={(value) => {
          const { revision: _, ...rest } = place;
          onGo(
            value === undefined ? { ...rest, panel: 'etcd' } : { ...place, panel: 'etcd', revision: value },
          );
        }}
      />
      <div className={styles.tools}>
        <input
          type="search"
          className={styles.search}
          aria-label="키 찾기"
          placeholder="키 찾기"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <button
          type="button"
          className={styles.button}
          aria-pressed={view === 'watch'}
          onClick={() => setView(view === 'watch' ? 'keys' : 'watch')}
        >
          워치
        </button>
        <Compact revision={revision} />
      </div>
      <div className={clsx(styles.panes, key !== undefined && styles.chosen)}>
        <div className={styles.list}>
          {view === 'keys' ? (
            <VirtualList
              label={`rev ${revision}의 키 ${states.length}개`}
              role="tree"
              rows={rows}
              rowHeight={ROW_HEIGHT}
              chosen={chosen}
              onChoose={onChoose}
              onToggle={(index, to) => {
                const row = rows[index];
                if (row?.type === 'group') toggle(row.prefix, to);
              }}
              describe={(row) => (row.type === 'group' ? { level: 1, expanded: row.open } : { level: 2 })}
            >
              {(row) => <Row row={row} revision={shown} />}
            </VirtualList>
          ) : (
            <WatchList
              changes={history.changes}
              last={status.revision}
              onChoose={(change) => go({ key: change.key, revision: change.modRevision })}
            />
          )}
        </div>
        {key !== undefined && (
          <KeyDetails
            keyName={key}
            revision={shown}
            changes={history.changes}
            onRevision={(value) => go({ revision: value })}
            onClose={() => {
              const { key: _, ...rest } = place;
              onGo(rest);
            }}
          />
        )}
      </div>
    </div>
  );
}

const Row = memo(function Row({ row, revision }: { readonly row: TreeRow; readonly revision: number }) {
  if (row.type === 'group') {
    return (
      <>
        <span aria-hidden="true">{row.open ? '▾' : '▸'}</span>
        <span className={styles.prefix}>{row.prefix}/</span>
        <span className={styles.count}>{row.count}</span>
      </>
    );
  }
  const { key, deleted, modRevision } = row.state;
  return (
    <>
      <span className={clsx(styles.key, deleted && styles.deleted)}>
        {key.slice(row.prefix.length + 1) || key}
      </span>
      {deleted && <span className={styles.count}>묘비</span>}
      <span className={clsx(styles.count, modRevision === revision && styles.fresh)}>
        {describeVersion(row.state)}
      </span>
    </>
  );
});

function describeVersion({ modRevision, version, deleted }: KeyState): string {
  return deleted ? `rev ${modRevision}` : `rev ${modRevision} · v${version}`;
}

interface SliderProps {
  readonly first: number;
  readonly last: number;
  readonly revision: number;
  readonly following: boolean;
  /** Undefined: follow the newest. */
  readonly onChange: (revision: number | undefined) => void;
}

function RevisionSlider({ first, last, revision, following, onChange }: SliderProps) {
  return (
    <div className={styles.slider}>
      <label className={styles.range}>
        <span>리비전</span>
        <input
          type="range"
          min={first}
          max={last}
          value={revision}
          aria-valuetext={`리비전 ${revision}`}
          onChange={(event) => onChange(Number(event.target.value))}
        />
        <output>
          {revision} / {last}
        </output>
      </label>
      <button
        type="button"
        className={styles.button}
        aria-pressed={following}
        onClick={() => onChange(undefined)}
      >
        최신
      </button>
    </div>
  );
}

/** Really compacts: older revisions cannot be read afterwards, here neither. */
function Compact({ revision }: { readonly revision: number }) {
  const terminal = terminalOf(useLab());
  const { busy } = usePageLab();
  const line = etcdctlLine(`compact ${revision}`);
  return (
    <button
      type="button"
      className={styles.button}
      disabled={busy}
      title={`${line}: 이보다 앞선 리비전은 읽을 수 없게 된다`}
      onClick={() => void terminal.run(line)}
    >
      rev {revision}까지 압축
    </button>
  );
}
