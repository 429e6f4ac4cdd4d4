import { lazy, Suspense, useState } from 'react';
import type { StoredValue } from '../../client/block.ts';
import type { ChangedKey, EtcdWrite } from '../../client/etcd-changes.ts';
import { OptionalPart } from '../OptionalPart/index.tsx';
import styles from './styles.module.css';

const ValueText = lazy(() => import('../ValueText/index.tsx'));

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

interface Shown {
  readonly value: StoredValue;
  /** What the write replaced. */
  readonly before: StoredValue | undefined;
}

/** "만듦 · rev 421", "고침 · rev 421 → 422". */
function describeWrite({ operation, before, revision }: EtcdWrite): string {
  return `${OPERATIONS[operation]} · rev ${before === 0 ? '' : `${before} → `}${revision}`;
}

function Key({
  changed,
  readKey,
}: {
  readonly changed: ChangedKey;
  readonly readKey: EtcdKeysProps['readKey'];
}) {
  const [shown, setShown] = useState<Shown | undefined>();
  const [failure, setFailure] = useState('');
  const show = async ({ revision, before }: EtcdWrite) => {
    if (readKey === undefined) return;
    if (shown?.value.modRevision === revision) return setShown(undefined);
    try {
      const [value, earlier] = await Promise.all([
        readKey(changed.key, revision),
        // Compaction may have taken it.
        before === 0 ? undefined : readKey(changed.key, before).catch(() => undefined),
      ]);
      setShown({ value, before: earlier });
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
        {changed.writes.map((write) => (
          <li key={write.revision}>
            {readKey === undefined || write.operation === 'delete' ? (
              <span>{describeWrite(write)}</span>
            ) : (
              <button
                type="button"
                className={styles.write}
                aria-expanded={shown?.value.modRevision === write.revision}
                onClick={() => void show(write)}
              >
                {describeWrite(write)}
              </button>
            )}
          </li>
        ))}
      </ol>
      {failure !== '' && <p className={styles.failure}>{failure}</p>}
      {shown !== undefined && (
        <figure className={styles.value}>
          <figcaption>
            create {shown.value.createRevision} · mod {shown.value.modRevision} · version{' '}
            {shown.value.version}
            {shown.value.lease !== '0' && ` · lease ${shown.value.lease}`}
          </figcaption>
          <OptionalPart>
            <Suspense fallback={<p className={styles.empty}>불러오는 중</p>}>
              <ValueText {...shown} />
            </Suspense>
          </OptionalPart>
        </figure>
      )}
    </>
  );
}
