import { useState } from 'react';
import type { EtcdChange } from '../../client/block.ts';
import { etcdctlLine } from '../../client/etcdctl-line.ts';
import { formatClock } from '../../client/format.ts';
import { VirtualList } from '../VirtualList/index.tsx';
import styles from './styles.module.css';

const ROW_HEIGHT = 28;

export interface WatchListProps {
  readonly changes: readonly EtcdChange[];
  readonly last: number;
  readonly onChoose: (change: EtcdChange) => void;
}

/** What a watch over all keys tells from a revision on, as it comes. */
export function WatchList({ changes, last, onChoose }: WatchListProps) {
  const [from, setFrom] = useState<number | undefined>();
  const start = from ?? changes[0]?.modRevision ?? last + 1;
  const rows = changes.filter(({ modRevision }) => modRevision >= start);
  return (
    <div className={styles.watch}>
      <label className={styles.from}>
        리비전{' '}
        <input
          type="number"
          min={1}
          value={start}
          onChange={(event) => setFrom(Math.max(1, Number(event.target.value) || 1))}
        />
        부터 · {rows.length}개
      </label>
      <code className={styles.command}>{etcdctlLine(`watch / --prefix --rev=${start}`)}</code>
      <div className={styles.changes}>
        <VirtualList
          label="etcd의 변경"
          role="listbox"
          rows={rows}
          rowHeight={ROW_HEIGHT}
          chosen={-1}
          onChoose={(index) => rows[index] !== undefined && onChoose(rows[index])}
        >
          {({ modRevision, type, key, time }) => (
            <>
              <span className={styles.count}>{modRevision}</span>
              <span className={styles.count}>{formatClock(time)}</span>
              <b>{type === 'put' ? 'PUT' : 'DELETE'}</b>
              <span className={styles.key}>{key}</span>
            </>
          )}
        </VirtualList>
      </div>
    </div>
  );
}
