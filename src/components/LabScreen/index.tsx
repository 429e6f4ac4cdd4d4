import type { KeyboardEvent } from 'react';
import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { formatClock } from '../../client/format.ts';
import type { LabPlace, PanelId } from '../../client/lab-link.ts';
import { useLab, usePageLab } from '../../client/lab-context.tsx';
import { terminalOf } from '../../client/terminal.ts';
import { ClusterEvents } from '../ClusterEvents/index.tsx';
import { ClusterView } from '../ClusterView/index.tsx';
import { EtcdBrowser } from '../EtcdBrowser/index.tsx';
import { FileEditor } from '../FileEditor/index.tsx';
import { Icon } from '../Icon/index.tsx';
import { PaceControls } from '../LabBar/pace-controls.tsx';
import { OptionalPart } from '../OptionalPart/index.tsx';
import LabHistory from '../LabHistory/index.tsx';
import Replay from '../Replay/index.tsx';
import { Terminal } from '../Terminal/index.tsx';
import { TimeHint } from '../TimeHint/index.tsx';
import styles from './styles.module.css';

const LabTask = lazy(() => import('../LabTask/index.tsx'));

interface TabTitle {
  readonly id: PanelId;
  readonly title: string;
}

const TABS: readonly TabTitle[] = [
  { id: 'terminal', title: '터미널' },
  { id: 'cluster', title: '클러스터' },
  { id: 'etcd', title: 'etcd' },
  { id: 'events', title: '이벤트' },
  { id: 'replay', title: '단계' },
  { id: 'history', title: '기록' },
];

const TASK: TabTitle = { id: 'problem', title: '문제' };

/** How many events stand below the cluster. */
const RECENT = 6;

export interface LabScreenProps {
  readonly place: LabPlace;
  readonly onGo: (place: LabPlace) => void;
  readonly onClose: () => void;
}

/** The page's lab on the whole screen: terminal and files on one side, what the cluster does on the other. */
export default function LabScreen({ place: asked, onGo, onClose }: LabScreenProps) {
  const store = useLab();
  const { scenario } = store;
  // A cluster that nothing is wrong with has no problem.
  const place: LabPlace = asked.panel === 'problem' && scenario === undefined ? { panel: 'cluster' } : asked;
  const { status, failure, replaying } = usePageLab();
  const terminal = terminalOf(store);
  const { file } = useSyncExternalStore(terminal.subscribe, terminal.read, terminal.read);
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    const element = dialog.current!;
    if (!element.open) element.showModal();
    // Where there is a keyboard, the lab begins at its terminal.
    const editing = terminal.read().file !== undefined;
    if (!editing && matchMedia('(pointer: fine) and (min-width: 861px)').matches)
      document.getElementById('lab-terminal-input')?.focus();
    store.warm();
    return () => element.close();
  }, [store, terminal]);

  return (
    <dialog
      ref={dialog}
      className={styles.screen}
      aria-label="실습실"
      data-panel={place.panel}
      onCancel={(event) => {
        event.preventDefault();
        // Escape in a field is for leaving the field, and where a file is open, for its editor.
        if (file === undefined && document.activeElement?.matches('textarea, input, [role="log"]') !== true)
          onClose();
      }}
    >
      <header className={styles.header}>
        <b className={styles.name}>실습실</b>
        <span className={styles.status}>
          rev {status.revision} · {formatClock(status.time)}
        </span>
        <PaceControls />
        <span className={styles.space}>
          {replaying !== undefined && (
            <>
              <progress
                max={Math.max(replaying.total, 1)}
                value={replaying.done}
                aria-label="다시 실행하는 중"
              />{' '}
              <button type="button" className={styles.button} onClick={() => store.stop()}>
                중지
              </button>
            </>
          )}
          {failure !== '' && (
            <span className={styles.failure} role="alert">
              {failure}
            </span>
          )}
        </span>
        <button type="button" className={styles.button} aria-label="실습실 닫기" onClick={onClose}>
          <Icon name="close" />
        </button>
        <TimeHint />
      </header>
      <div className={styles.left} data-editing={file !== undefined}>
        <Terminal />
        {file !== undefined && (
          <FileEditor
            key={file.path}
            file={file}
            onDraft={(text) => terminal.keepDraft(text)}
            onClose={(text) => terminal.closeFile(text)}
          />
        )}
      </div>
      <div className={styles.right}>
        <Tabs
          tabs={scenario === undefined ? TABS : [TASK, ...TABS]}
          chosen={place.panel}
          onChoose={(panel) => onGo({ panel })}
        />
        <div
          className={styles.panel}
          role="tabpanel"
          id="lab-panel"
          aria-labelledby={`lab-tab-${place.panel}`}
          tabIndex={0}
        >
          <Panel place={place} onGo={onGo} />
        </div>
      </div>
    </dialog>
  );
}

function Panel({ place, onGo }: Pick<LabScreenProps, 'place' | 'onGo'>) {
  const { scenario } = useLab();
  const { events } = usePageLab();
  switch (place.panel) {
    case 'problem':
      return (
        scenario !== undefined && (
          <OptionalPart>
            <Suspense fallback={<p className={styles.padded}>불러오는 중</p>}>
              <LabTask name={scenario} onGo={onGo} />
            </Suspense>
          </OptionalPart>
        )
      );
    case 'etcd':
      return <EtcdBrowser place={place} onGo={onGo} />;
    case 'events':
      return (
        <div className={styles.padded}>
          <ClusterEvents events={events.slice(-200).reverse()} />
        </div>
      );
    case 'replay':
      return (
        <div className={styles.padded}>
          <Runs place={place} onGo={onGo} />
        </div>
      );
    case 'history':
      return (
        <div className={styles.padded}>
          <LabHistory />
        </div>
      );
    default:
      return (
        <>
          <ClusterView />
          {events.length > 0 && (
            <section className={styles.recent} aria-label="최근 이벤트">
              <h3>최근 이벤트</h3>
              <ClusterEvents events={events.slice(-RECENT).reverse()} />
            </section>
          )}
        </>
      );
  }
}

/** What a command set off, step by step: the last one, or an earlier one of this lab. */
function Runs({ place, onGo }: Pick<LabScreenProps, 'place' | 'onGo'>) {
  const store = useLab();
  const { trace, events, runs } = usePageLab();
  const [chosen, setChosen] = useState<number | undefined>();
  const index = chosen !== undefined && chosen < runs.length ? chosen : runs.length - 1;
  const run = runs[index];
  if (run === undefined) return <p>아직 실행한 명령이 없다.</p>;
  const until = runs[index + 1]?.sequence ?? Infinity;
  const own = trace.filter(({ sequence }) => sequence >= run.sequence && sequence < until);
  const [start, end] = [own[0]?.time ?? Infinity, own.at(-1)?.time ?? 0];
  return (
    <>
      <select
        className={styles.runs}
        aria-label="볼 명령"
        value={index}
        onChange={(event) => {
          setChosen(Number(event.target.value));
          onGo({ panel: 'replay' });
        }}
      >
        {runs.map(({ label, sequence }, at) => (
          <option key={sequence} value={at}>
            {at + 1}. {label.split('\n', 1)[0]}
          </option>
        ))}
      </select>
      <Replay
        key={run.sequence}
        trace={own}
        events={events.filter(({ time }) => time >= start && time <= end)}
        revision={run.revision}
        step={place.step}
        onStep={(step) => onGo({ panel: 'replay', step })}
        readKey={(key, revision) => store.ask('value', { key, revision })}
      />
    </>
  );
}

function Tabs({
  tabs,
  chosen,
  onChoose,
}: {
  readonly tabs: readonly TabTitle[];
  readonly chosen: PanelId;
  readonly onChoose: (panel: PanelId) => void;
}) {
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    // On a wide screen the terminal is no tab: it is always there.
    const shown = tabs.filter(({ id }) => document.getElementById(`lab-tab-${id}`)?.offsetParent != null);
    const index = shown.findIndex(({ id }) => id === chosen);
    const next = shown[(index + step + shown.length) % shown.length]!;
    onChoose(next.id);
    document.getElementById(`lab-tab-${next.id}`)?.focus();
  };
  return (
    <div className={styles.tabs} role="tablist" aria-label="실습실의 창" onKeyDown={onKeyDown}>
      {tabs.map(({ id, title }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`lab-tab-${id}`}
          data-tab={id}
          aria-selected={id === chosen}
          aria-controls="lab-panel"
          // Beside a terminal that is always there, the cluster is shown.
          tabIndex={id === chosen || (id === 'cluster' && chosen === 'terminal') ? 0 : -1}
          onClick={() => onChoose(id)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
