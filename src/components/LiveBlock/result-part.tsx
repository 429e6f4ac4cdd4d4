import { lazy, Suspense, useEffect, useRef } from 'react';
import { etcdChanges } from '../../client/etcd-changes.ts';
import { useLab } from '../../client/lab-context.tsx';
import type { BlockState } from '../../client/lab-store.ts';
import type { StageId } from '../../client/request-flow.ts';
import { useMedia } from '../../client/use-media.ts';
import { BottomSheet } from '../BottomSheet/index.tsx';
import { OptionalPart } from '../OptionalPart/index.tsx';
import { Output } from '../Output/index.tsx';
import { FurtherView } from './further-view.tsx';
import styles from './styles.module.css';
import type { TabId } from './tabs.tsx';
import { FURTHER_TABS, TabOpeners, Tabs, TABS } from './tabs.tsx';

const RefusalLine = lazy(() => import('./refusal-line.tsx'));

/** Where tabs would lie far from what they show: the further ones come up in a sheet. */
const SMALL = '(max-width: 640px), (pointer: coarse) and (max-height: 480px)';

/** What of a run the reader looks at. */
export interface View {
  readonly tab: TabId;
  /** The stage of a request. */
  readonly focus: { readonly request: string; readonly stage: StageId } | undefined;
  /** The flow step by step. */
  readonly stepwise: boolean;
}

export interface ResultPartProps {
  /** Of the block. */
  readonly id: string;
  readonly name: string;
  readonly state: BlockState;
  readonly view: View;
  readonly onView: (change: Partial<View>) => void;
}

/** What came out of a block, what the cluster did with it, and why it was refused if it was. */
export function ResultPart({ id, name, state, view, onView }: ResultPartProps) {
  const store = useLab();
  const panel = useRef<HTMLDivElement>(null);
  const small = useMedia(SMALL);
  const { tab, focus, stepwise } = view;
  const { result, phase } = state;
  const running = phase === 'running';
  const changes = etcdChanges(result.activity.trace);
  const counts = { etcd: changes.length, events: result.activity.events.length };
  // A command that succeeded may have logged; that one of the note's own did is no reason to fetch anything.
  const complained = result.exit !== 0 || (phase !== 'static' && result.stderr !== '');
  const mayBeRefused = complained && !running && state.failure === '';

  // Why a program or a command failed stands at the end of what it wrote.
  const endsInFailure = phase === 'done' && result.exit !== 0 && result.http === undefined;
  useEffect(() => {
    if (endsInFailure) panel.current?.scrollTo({ top: panel.current.scrollHeight });
  }, [endsInFailure, result]);

  const choose = (chosen: TabId) => onView({ tab: chosen });
  const readKey =
    phase === 'static'
      ? undefined
      : (key: string, revision: number) => store.ask('value', { key, revision }, id);
  const output =
    state.failure !== '' ? (
      <p className={styles.failure}>{state.failure}</p>
    ) : (
      <Output result={result} {...(running && { live: state.live })} />
    );
  const further = tab !== 'output' && (
    <FurtherView
      tab={tab}
      result={result}
      changes={changes}
      focus={focus}
      stepwise={stepwise}
      onStepwise={(on) => onView({ stepwise: on })}
      readKey={readKey}
    />
  );
  return (
    <>
      {small ? (
        <TabOpeners counts={counts} onOpen={choose} />
      ) : (
        <Tabs tabs={TABS} id={id} chosen={tab} counts={counts} onChoose={choose} />
      )}
      <div
        ref={panel}
        className={styles.panel}
        {...(small
          ? { role: 'region', 'aria-label': `${name} 결과` }
          : { role: 'tabpanel', id: `${id}-panel`, 'aria-labelledby': `${id}-${tab}` })}
        tabIndex={0}
        data-stale={phase === 'stale'}
        data-stepwise={tab === 'flow' && stepwise && !small}
      >
        {small || tab === 'output' ? output : further}
      </div>
      {small && tab !== 'output' && (
        <BottomSheet
          label={name}
          header={<Tabs tabs={FURTHER_TABS} id={id} chosen={tab} counts={counts} onChoose={choose} />}
          onClose={() => choose('output')}
        >
          <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`} tabIndex={0}>
            {further}
          </div>
        </BottomSheet>
      )}
      {mayBeRefused && (
        <OptionalPart fallback={null}>
          <Suspense fallback={null}>
            <RefusalLine
              result={result}
              onShow={(stage) => onView({ tab: 'flow', focus: stage, stepwise: false })}
            />
          </Suspense>
        </OptionalPart>
      )}
    </>
  );
}
