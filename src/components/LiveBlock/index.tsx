import clsx from 'clsx';
import type { KeyboardEvent } from 'react';
import { lazy, Suspense, useId, useRef, useState } from 'react';
import type { BlockData } from '../../client/block.ts';
import { useBlock, useLab } from '../../client/lab-context.tsx';
import { OptionalPart } from '../OptionalPart/index.tsx';
import { CodePart } from './code-part.tsx';
import type { View } from './result-part.tsx';
import { ResultPart } from './result-part.tsx';
import { StateLine } from './state-line.tsx';
import styles from './styles.module.css';
import { Toolbar } from './toolbar.tsx';

const KeyHelp = lazy(() => import('../KeyHelp/index.tsx'));

const KIND_NAMES = { bash: '터미널', http: 'HTTP', yaml: 'YAML', ts: 'TS' } as const;

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
  const inputId = useId();
  const [view, setView] = useState<View>({ tab: 'output', focus: undefined, stepwise: false });
  const [editing, setEditing] = useState(false);
  const [help, setHelp] = useState(false);
  const look = (change: Partial<View>) => setView((before) => ({ ...before, ...change }));

  const name = data.title === '' ? KIND_NAMES[data.kind] : data.title;
  const edited = store.isEdited(data.id);
  const run = (andGoOn = false) => {
    look({ focus: undefined });
    void store.run(data.id);
    if (andGoOn) focusNext(root.current);
  };
  const edit = () => {
    if (matchMedia('(pointer: fine) and (min-width: 768px)').matches) setEditing(!editing);
    else document.getElementById(inputId)?.focus();
  };
  /** "?" where it is not text that is being written. */
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const writing = (event.target as HTMLElement).closest('textarea, input, select, .monaco-editor') !== null;
    if (event.key !== '?' || writing) return;
    event.preventDefault();
    setHelp(true);
  };
  const share = async () => {
    const { toFragment } = await import('../../client/share-link.ts');
    const { origin, pathname } = window.location;
    await navigator.clipboard.writeText(origin + pathname + (await toFragment(store.save())));
  };
  return (
    <div
      ref={root}
      id={data.id}
      className={clsx(styles.block, 'live-block')}
      role="group"
      aria-label={`라이브 블록: ${name}`}
      data-phase={state.phase}
      onPointerEnter={() => store.warm(data.id)}
      onFocus={() => store.warm(data.id)}
      onKeyDown={onKeyDown}
    >
      <div className={styles.header}>
        <span className={styles.kind}>{KIND_NAMES[data.kind]}</span>
        <span className={styles.title}>{data.title}</span>
        {data.isolated && <span className={styles.badge}>따로 도는 클러스터</span>}
        {edited && <span className={styles.badge}>고침</span>}
      </div>
      <CodePart
        data={data}
        state={state}
        label={`${name} 코드`}
        inputId={inputId}
        editing={editing}
        onRun={run}
        onLeaveEditor={() => {
          setEditing(false);
          root.current?.querySelector<HTMLElement>('[aria-pressed]')?.focus();
        }}
      />
      <Toolbar
        name={name}
        running={state.phase === 'running' || state.phase === 'waiting'}
        editing={editing}
        edited={edited}
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
      <ResultPart id={data.id} name={name} state={state} view={view} onView={look} />
    </div>
  );
}

/** Puts the cursor into the next live block of the page. */
function focusNext(block: HTMLElement | null): void {
  const blocks = [...document.querySelectorAll<HTMLElement>('.live-block')];
  const next = blocks[blocks.findIndex((other) => other === block) + 1];
  next?.querySelector('textarea')?.focus();
}
