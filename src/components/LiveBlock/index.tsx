import clsx from 'clsx';
import type { KeyboardEvent } from 'react';
import { lazy, Suspense, useEffect, useId, useRef, useState } from 'react';
import type { BlockData } from '../../client/block.ts';
import { etcdChanges } from '../../client/etcd-changes.ts';
import { useBlock, useLab } from '../../client/lab-context.tsx';
import type { StageId } from '../../client/request-flow.ts';
import { useMedia } from '../../client/use-media.ts';
import { BottomSheet } from '../BottomSheet/index.tsx';
import { CodeArea } from '../CodeArea/index.tsx';
import { OptionalPart } from '../OptionalPart/index.tsx';
import { Output } from '../Output/index.tsx';
import { FurtherView } from './further-view.tsx';
import { StateLine } from './state-line.tsx';
import styles from './styles.module.css';
import type { TabId } from './tabs.tsx';
import { FURTHER_TABS, TabOpeners, Tabs, TABS } from './tabs.tsx';
import { Toolbar } from './toolbar.tsx';

const CodeEditor = lazy(() => import('../CodeEditor/index.tsx'));
const KeyHelp = lazy(() => import('../KeyHelp/index.tsx'));
const RefusalLine = lazy(() => import('./refusal-line.tsx'));

const KIND_NAMES = { bash: '터미널', http: 'HTTP', yaml: 'YAML', ts: 'TS' } as const;
/** Where tabs would lie far from what they show: the further ones come up in a sheet. */
const SMALL = '(max-width: 640px), (pointer: coarse) and (max-height: 480px)';

export interface LiveBlockProps {
  readonly data: BlockData;
  /** The text as it stands in the note. */
  readonly code: string;
}

/** A fence that runs: code, what came out of it, and what the cluster did with it. */
export function LiveBlock({ data, code: original }: LiveBlockProps) {
  const store = useLab();
  const state = useBlock(data, original);
  const root = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const inputId = useId();
  const [tab, setTab] = useState<TabId>('output');
  const [focus, setFocus] = useState<{ request: string; stage: StageId } | undefined>();
  const [editor, setEditor] = useState(false);
  const [help, setHelp] = useState(false);
  const [stepwise, setStepwise] = useState(false);

  const small = useMedia(SMALL);

  const { result, phase } = state;
  const running = phase === 'running';
  const changes = etcdChanges(result.activity.trace);
  // A command that succeeded may have logged; that one of the note's own did is no reason to fetch anything.
  const complained = result.exit !== 0 || (phase !== 'static' && result.stderr !== '');
  const mayBeRefused = complained && !running && state.failure === '';
  const counts: Partial<Record<TabId, number>> = {
    etcd: changes.length,
    events: result.activity.events.length,
  };
  // Why a program or a command failed stands at the end of what it wrote.
  const endsInFailure = phase === 'done' && result.exit !== 0 && result.http === undefined;
  useEffect(() => {
    if (endsInFailure) panel.current?.scrollTo({ top: panel.current.scrollHeight });
  }, [endsInFailure, result]);
  const name = data.title === '' ? KIND_NAMES[data.kind] : data.title;

  const run = (andGoOn = false) => {
    setFocus(undefined);
    void store.run(data.id);
    if (andGoOn) focusNext(root.current);
  };
  const edit = () => {
    if (matchMedia('(pointer: fine) and (min-width: 768px)').matches) setEditor(!editor);
    else document.getElementById(inputId)?.focus();
  };
  /** "?" where it is not text that is being written. */
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const writing = (event.target as HTMLElement).closest('textarea, input, select, .monaco-editor') !== null;
    if (event.key !== '?' || writing) return;
    event.preventDefault();
    setHelp(true);
  };
  const setCode = (code: string) => store.setCode(data.id, code);
  const readKey =
    phase === 'static'
      ? undefined
      : (key: string, revision: number) => store.ask('value', { key, revision }, data.id);
  const share = async () => {
    const { toFragment } = await import('../../client/share-link.ts');
    const { origin, pathname } = window.location;
    await navigator.clipboard.writeText(origin + pathname + (await toFragment(store.save())));
  };

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
      onStepwise={setStepwise}
      readKey={readKey}
    />
  );
  const plain = (
    <CodeArea
      kind={data.kind}
      code={state.code}
      label={`${name} 코드`}
      inputId={inputId}
      onChange={setCode}
      onRun={run}
    />
  );
  return (
    <div
      ref={root}
      id={data.id}
      className={clsx(styles.block, 'live-block')}
      role="group"
      aria-label={`라이브 블록: ${name}`}
      data-phase={phase}
      onPointerEnter={() => store.warm(data.id)}
      onFocus={() => store.warm(data.id)}
      onKeyDown={onKeyDown}
    >
      <div className={styles.header}>
        <span className={styles.kind}>{KIND_NAMES[data.kind]}</span>
        <span className={styles.title}>{data.title}</span>
        {data.isolated && <span className={styles.badge}>따로 도는 클러스터</span>}
        {store.isEdited(data.id) && <span className={styles.badge}>고침</span>}
      </div>
      {editor ? (
        <OptionalPart
          fallback={
            <>
              {plain}
              <p className={styles.outdated}>편집기를 불러오지 못했다. 코드는 위에서 그대로 고칠 수 있다.</p>
            </>
          }
        >
          <Suspense fallback={plain}>
            <CodeEditor
              kind={data.kind}
              code={state.code}
              label={`${name} 코드`}
              onChange={setCode}
              onRun={run}
              ask={(kind, question) => store.ask(kind, question, data.id)}
              onLeave={() => {
                setEditor(false);
                root.current?.querySelector<HTMLElement>('[aria-pressed]')?.focus();
              }}
            />
          </Suspense>
        </OptionalPart>
      ) : (
        plain
      )}
      {state.outdated !== undefined && (
        <p className={styles.outdated}>
          이 예시는 고친 뒤에 새로 바뀌었다.{' '}
          <button type="button" onClick={() => setCode(state.outdated!)}>
            내 코드
          </button>{' '}
          <button type="button" onClick={() => store.revert(data.id)}>
            새 예시
          </button>
        </p>
      )}
      <Toolbar
        name={name}
        running={running || phase === 'waiting'}
        editing={editor}
        edited={store.isEdited(data.id)}
        onRun={() => run()}
        onStop={() => store.stop()}
        onEdit={edit}
        onCopy={async () => navigator.clipboard.writeText(state.code)}
        onShare={share}
        onRevert={() => store.revert(data.id)}
        onClear={() => store.clearOutput(data.id)}
        onHelp={() => setHelp(true)}
      />
      {help && (
        <OptionalPart>
          <Suspense fallback={null}>
            <KeyHelp onClose={() => setHelp(false)} />
          </Suspense>
        </OptionalPart>
      )}
      <StateLine state={state} />
      {small ? (
        <TabOpeners counts={counts} onOpen={setTab} />
      ) : (
        <Tabs tabs={TABS} id={data.id} chosen={tab} counts={counts} onChoose={setTab} />
      )}
      <div
        ref={panel}
        className={styles.panel}
        {...(small
          ? { role: 'region', 'aria-label': `${name} 결과` }
          : { role: 'tabpanel', id: `${data.id}-panel`, 'aria-labelledby': `${data.id}-${tab}` })}
        tabIndex={0}
        data-stale={phase === 'stale'}
        data-stepwise={tab === 'flow' && stepwise && !small}
      >
        {small || tab === 'output' ? output : further}
      </div>
      {small && tab !== 'output' && (
        <BottomSheet
          label={name}
          header={<Tabs tabs={FURTHER_TABS} id={data.id} chosen={tab} counts={counts} onChoose={setTab} />}
          onClose={() => setTab('output')}
        >
          <div role="tabpanel" id={`${data.id}-panel`} aria-labelledby={`${data.id}-${tab}`} tabIndex={0}>
            {further}
          </div>
        </BottomSheet>
      )}
      {mayBeRefused && (
        <OptionalPart fallback={null}>
          <Suspense fallback={null}>
            <RefusalLine
              result={result}
              onShow={(shown) => {
                setFocus(shown);
                setStepwise(false);
                setTab('flow');
              }}
            />
          </Suspense>
        </OptionalPart>
      )}
    </div>
  );
}

/** Puts the cursor into the next live block of the page. */
function focusNext(block: HTMLElement | null): void {
  const blocks = [...document.querySelectorAll<HTMLElement>('.live-block')];
  const next = blocks[blocks.findIndex((other) => other === block) + 1];
  next?.querySelector('textarea')?.focus();
}
