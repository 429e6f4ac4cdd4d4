import { useEffect, useState } from 'react';
import type { StoredValue, TraceEvent } from '../../client/block.ts';
import { etcdChanges } from '../../client/etcd-changes.ts';
import type { ReplayStep } from '../../client/replay-steps.ts';
import ValueText from '../ValueText/index.tsx';
import styles from './styles.module.css';

export interface YamlPaneProps {
  /** What happened until the present step. */
  readonly trace: readonly TraceEvent[];
  readonly current: ReplayStep;
  readonly readKey?: ((key: string, revision: number) => Promise<StoredValue>) | undefined;
}

interface Shown {
  readonly key: string;
  readonly value: StoredValue;
  readonly before: StoredValue | undefined;
}

/** An object as it lay in etcd at the present step, with what its last write changed. */
export function YamlPane({ trace, current, readKey }: YamlPaneProps) {
  const changed = etcdChanges(trace).filter(({ key }) => !key.startsWith('/registry/events/'));
  const [wanted, setWanted] = useState<string | undefined>();
  const key = wanted ?? current.key ?? changed.at(-1)?.key;
  const writes = changed.find((one) => one.key === key)?.writes ?? [];
  const last = writes.at(-1);
  const [shown, setShown] = useState<Shown | undefined>();
  const [failure, setFailure] = useState('');
  const revision = last?.revision;
  const previous = last?.before ?? 0;
  useEffect(() => {
    if (readKey === undefined || key === undefined || revision === undefined) return;
    let fresh = true;
    const reads = [readKey(key, revision), previous === 0 ? undefined : readKey(key, previous)] as const;
    Promise.all(reads).then(
      ([value, before]) => {
        if (!fresh) return;
        setShown({ key, value, before: before ?? { ...value, value: undefined!, yaml: undefined! } });
        setFailure('');
      },
      (error: Error) => fresh && setFailure(error.message),
    );
    return () => {
      fresh = false;
    };
    // A new function for each render reads the same lab.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, revision, previous, readKey === undefined]);
  return (
    <section className={styles.pane} aria-label="YAML">
      <h4>YAML</h4>
      {changed.length === 0 && <p className={styles.empty}>아직 etcd에 쓴 것이 없다.</p>}
      {changed.length > 0 && (
        <select
          className={styles.select}
          aria-label="볼 오브젝트"
          value={wanted ?? ''}
          onChange={(event) => setWanted(event.target.value === '' ? undefined : event.target.value)}
        >
          <option value="">단계를 따라감: {key}</option>
          {changed.map((one) => (
            <option key={one.key} value={one.key}>
              {one.key}
            </option>
          ))}
        </select>
      )}
      {readKey === undefined && changed.length > 0 && (
        <p className={styles.empty}>블록을 실행하면 etcd에 있는 그대로 보인다.</p>
      )}
      {failure !== '' && <p className={styles.failure}>{failure}</p>}
      {failure === '' && shown !== undefined && shown.key === key && (
        <ValueText value={shown.value} before={shown.before} />
      )}
    </section>
  );
}
