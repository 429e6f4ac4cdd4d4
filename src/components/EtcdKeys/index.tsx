import { useState } from 'react';
import type { StoredValue } from '../../client/block.ts';
import type { ChangedKey, EtcdWrite } from '../../client/etcd-changes.ts';
import styles from './styles.module.css';

const OPERATIONS: Readonly<Record<EtcdWrite['operation'], string>> = {
  create: '만듦',
  update: '고침',
  delete: '지움',
};

export interface EtcdKeysProps {
  readonly keys: readonly ChangedKey[];
  /** Reads a key as of a revision; missing while the cluster sleeps. */
  readonly readKey?: ((key: string, revision: number) => Promise<StoredValue>) | undefined;
}

/** The etcd keys that changed, with their revisions; a deleted key is a tombstone. */
export function EtcdKeys({ keys, readKey }: EtcdKeysProps) {
  if (keys.length === 0) return <p className={styles.empty}>etcd에 쓴 것이 없다.</p>;
  return (
    <ul className={styles.keys}>
      {keys.map((changed) => (
        <li key={changed.key}>
          <Key changed={changed} readKey={readKey} />
        </li>
      ))}
    </ul>
  );
}

/** "만듦 · rev 421", "고침 · rev 421 → 422". */
function describeWrite(operation: EtcdWrite['operation'], before: number, revision: number): string {
  return `${OPERATIONS[operation]} · rev ${before === 0 ? '' : `${before} → `}${revision}`;
}

function Key({
  changed,
  readKey,
}: {
  readonly changed: ChangedKey;
  readonly readKey: EtcdKeysProps['readKey'];
}) {
  const [shown, setShown] = useState<StoredValue | undefined>();
  const [failure, setFailure] = useState('');
  const show = async (revision: number) => {
    if (readKey === undefined) return;
    if (shown?.modRevision === revision) return setShown(undefined);
    try {
      setShown(await readKey(changed.key, revision));
      setFailure('');
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      <code className={changed.deleted ? styles.deleted : undefined}>{changed.key}</code>
      {changed.deleted && <span className={styles.tombstone}> 묘비(tombstone)</span>}
      <ol className={styles.writes}>
        {changed.writes.map(({ operation, before, revision }) => (
          <li key={revision}>
            {readKey === undefined || operation === 'delete' ? (
              <span>{describeWrite(operation, before, revision)}</span>
            ) : (
              <button
                type="button"
                className={styles.write}
                aria-expanded={shown?.modRevision === revision}
                onClick={() => void show(revision)}
              >
                {describeWrite(operation, before, revision)}
              </button>
            )}
          </li>
        ))}
      </ol>
      {failure !== '' && <p className={styles.failure}>{failure}</p>}
      {shown !== undefined && (
        <figure className={styles.value}>
          <figcaption>
            create {shown.createRevision} · mod {shown.modRevision} · version {shown.version}
            {shown.lease !== '0' && ` · lease ${shown.lease}`}
          </figcaption>
          <pre tabIndex={0}>{shown.value ?? '(이 리비전에는 키가 없다)'}</pre>
        </figure>
      )}
    </>
  );
}
