import { lazy, Suspense } from 'react';
import type { RunResult, StoredValue } from '../../client/block.ts';
import type { ChangedKey } from '../../client/etcd-changes.ts';
import type { StageId } from '../../client/request-flow.ts';
import { ClusterEvents } from '../ClusterEvents/index.tsx';
import { EtcdKeys } from '../EtcdKeys/index.tsx';
import { OptionalPart } from '../OptionalPart/index.tsx';
import styles from './styles.module.css';
import type { TabId } from './tabs.tsx';

const Replay = lazy(() => import('../Replay/index.tsx'));
const RequestFlow = lazy(() => import('../RequestFlow/index.tsx'));

export interface FurtherViewProps {
  readonly tab: Exclude<TabId, 'output'>;
  readonly result: RunResult;
  readonly changes: readonly ChangedKey[];
  /** The stage of a request that is to be looked at. */
  readonly focus: { readonly request: string; readonly stage: StageId } | undefined;
  readonly stepwise: boolean;
  readonly onStepwise: (stepwise: boolean) => void;
  readonly readKey: ((key: string, revision: number) => Promise<StoredValue>) | undefined;
}

/** What the cluster did with a block. */
export function FurtherView(props: FurtherViewProps) {
  const { tab, result, changes, focus, stepwise, onStepwise, readKey } = props;
  const { trace, events } = result.activity;
  if (tab === 'etcd') return <EtcdKeys keys={changes} readKey={readKey} />;
  if (tab === 'events') return <ClusterEvents events={events} />;
  return (
    <>
      <button
        type="button"
        className={styles.stepwise}
        aria-pressed={stepwise}
        onClick={() => onStepwise(!stepwise)}
      >
        한 단계씩 보기
      </button>
      <OptionalPart>
        <Suspense fallback={<p>불러오는 중</p>}>
          {stepwise ? (
            <Replay
              trace={trace}
              events={events}
              revision={result.revision.before}
              step={1}
              readKey={readKey}
            />
          ) : (
            <RequestFlow key={focus?.stage ?? ''} trace={trace} focus={focus} />
          )}
        </Suspense>
      </OptionalPart>
    </>
  );
}
