import clsx from 'clsx';
import type { KeyboardEvent } from 'react';
import { lazy, Suspense, useEffect, useId, useRef, useState } from 'react';
import type { BlockData } from '../../client/block.ts';
import { etcdChanges } from '../../client/etcd-changes.ts';
import { useBlock, useLab } from '../../client/lab-context.tsx';
import type { StageId } from '../../client/request-flow.ts';
import { ClusterEvents } from '../ClusterEvents/index.tsx';
import { CodeArea } from '../CodeArea/index.tsx';
import { EtcdKeys } from '../EtcdKeys/index.tsx';
import { OptionalPart } from '../OptionalPart/index.tsx';
import { Output } from '../Output/index.tsx';
import { StateLine } from './state-line.tsx';
import styles from './styles.module.css';
import { Toolbar } from './toolbar.tsx';

const CodeEditor = lazy(() => import('../CodeEditor/index.tsx'));
const KeyHelp = lazy(() => import('../KeyHelp/index.tsx'));
const RequestFlow = lazy(() => import('../RequestFlow/index.tsx'));
const RefusalLine = lazy(() => import('./refusal-line.tsx'));
const Replay = lazy(() => import('../Replay/index.tsx'));

const KIND_NAMES = { bash: '터미널', http: 'HTTP', yaml: 'YAML', ts: 'TS' } as const;
const TABS = [
  { id: 'output', title: '결과' },
  { id: 'flow', title: '요청 흐름' },
  { id: 'etcd', title: 'etcd 변화' },
  { id: 'events', title: '이벤트' },
] as const;
type TabId = (typeof TABS)[number]['id'];

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
      <Tabs id={data.id} chosen={tab} counts={counts} onChoose={setTab} />
      <div
        ref={panel}
        className={styles.panel}
        role="tabpanel"
        id={`${data.id}-panel`}
        aria-labelledby={`${data.id}-${tab}`}
        tabIndex={0}
        data-stale={phase === 'stale'}
        data-stepwise={tab === 'flow' && stepwise}
      >
        {tab === 'output' &&
          (state.failure !== '' ? (
            <p className={styles.failure}>{state.failure}</p>
          ) : (
            <Output result={result} {...(running && { live: state.live })} />
          ))}
        {tab === 'flow' && (
          <>
            <button
              type="button"
              className={styles.stepwise}
              aria-pressed={stepwise}
              onClick={() => setStepwise(!stepwise)}
            >
              한 단계씩 보기
            </button>
            <OptionalPart>
              <Suspense fallback={<p>불러오는 중</p>}>
                {stepwise ? (
                  <Replay
                    trace={result.activity.trace}
                    events={result.activity.events}
                    revision={result.revision.before}
                    step={1}
                    readKey={readKey}
                  />
                ) : (
                  <RequestFlow key={focus?.stage ?? ''} trace={result.activity.trace} focus={focus} />
                )}
              </Suspense>
            </OptionalPart>
          </>
        )}
        {tab === 'etcd' && <EtcdKeys keys={changes} readKey={readKey} />}
        {tab === 'events' && <ClusterEvents events={result.activity.events} />}
      </div>
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

interface TabsProps {
  readonly id: string;
  readonly chosen: TabId;
  readonly counts: Partial<Record<TabId, number>>;
  readonly onChoose: (tab: TabId) => void;
}

function Tabs({ id, chosen, counts, onChoose }: TabsProps) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = TABS.findIndex((tab) => tab.id === chosen);
    const next = TABS[(index + step + TABS.length) % TABS.length]!;
    onChoose(next.id);
    document.getElementById(`${id}-${next.id}`)?.focus();
  };
  return (
    <div className={styles.tabs} role="tablist" aria-label="결과 보기" onKeyDown={onKeyDown}>
      {TABS.map((tab) => (
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
          {tab.title}
          {(counts[tab.id] ?? 0) > 0 && <span className={styles.count}> {counts[tab.id]}</span>}
        </button>
      ))}
    </div>
  );
}

/** Puts the cursor into the next live block of the page. */
function focusNext(block: HTMLElement | null): void {
  const blocks = [...document.querySelectorAll<HTMLElement>('.live-block')];
  const next = blocks[blocks.findIndex((other) => other === block) + 1];
  next?.querySelector('textarea')?.focus();
}
