import type { KeyboardEvent, ReactNode } from 'react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useLab, usePageLab } from '../../client/lab-context.tsx';
import type { TerminalItem } from '../../client/terminal.ts';
import { terminalOf } from '../../client/terminal.ts';
import { Chunks } from '../Output/index.tsx';
import styles from './styles.module.css';

/** More candidates than this are counted, not shown. */
const CANDIDATES = 60;

/** What somebody who does not know where to begin may begin with. */
const STARTERS = [
  'kubectl get nodes',
  'kubectl get pods -A',
  'kubectl run web --image=nginx',
  'kubectl get events',
  'crictl ps',
  'vi /etc/kubernetes/manifests/kube-apiserver.yaml',
];

/** The same for a cluster that something is wrong with, whose kube-apiserver may not answer: looking, from the outside in. */
const FIRST_LOOKS = [
  'kubectl get nodes',
  'kubectl get pods -A',
  'crictl ps -a',
  'systemctl status kubelet',
  'journalctl -u kubelet | tail',
  'ls /etc/kubernetes/manifests',
];

/**
 * The lab's terminal: a log, and under it a native input line, which composes Hangul as the system does. While a
 * command runs, what is entered there is for that to read.
 * Tab completes a line that has something in it and leaves an empty one; Escape always leaves.
 */
export function Terminal() {
  const store = useLab();
  const session = terminalOf(store);
  const { items, running, file } = useSyncExternalStore(session.subscribe, session.read, session.read);
  const { status } = usePageLab();
  const [line, setLine] = useState('');
  const [candidates, setCandidates] = useState<readonly string[]>([]);
  /** Where in the history ↑ has come; its length for the line that is being written. */
  const [place, setPlace] = useState<number | undefined>();
  const input = useRef<HTMLTextAreaElement>(null);
  const log = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (log.current !== null) log.current.scrollTop = log.current.scrollHeight;
    // A file that opens takes half of the place.
  }, [items, candidates, file?.path]);

  const write = (text: string) => {
    setLine(text);
    setCandidates([]);
  };
  const submit = () => {
    write('');
    setPlace(undefined);
    if (!running) void session.run(line);
    // A pasted text is as many lines as it has.
    else for (const typed of line.split('\n')) session.type(`${typed}\n`);
  };
  /** Ctrl+D: what was typed so far, or that no more comes; at the prompt, the way out. */
  const endInput = () => {
    if (running) session.type(line === '' ? null : line);
    else if (line === '') void session.run('exit');
    if (running) write('');
  };
  const recall = (step: number) => {
    const { history } = session;
    const next = Math.min(Math.max((place ?? history.length) + step, 0), history.length);
    setPlace(next);
    write(history[next] ?? '');
  };
  const complete = async () => {
    if (running) return;
    const cursor = input.current?.selectionStart ?? line.length;
    const completed = await session.complete(line, cursor).catch(() => undefined);
    // The reader may have gone on meanwhile.
    if (completed === undefined || input.current?.value !== line) return;
    setLine(completed.line);
    setCandidates(completed.candidates);
    requestAnimationFrame(() => input.current?.setSelectionRange(completed.cursor, completed.cursor));
  };
  const insert = (text: string) => {
    const cursor = input.current?.selectionStart ?? line.length;
    write(line.slice(0, cursor) + text + line.slice(cursor));
    input.current?.focus();
    requestAnimationFrame(() => input.current?.setSelectionRange(cursor + text.length, cursor + text.length));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While a Hangul syllable is composed, every key is the composer's; some browsers say so by the key code alone.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const control = event.ctrlKey && !event.metaKey && !event.altKey;
    const selected = event.currentTarget.selectionStart !== event.currentTarget.selectionEnd;
    if (event.key === 'Enter' && !event.shiftKey) submit();
    else if (event.key === 'Tab' && !event.shiftKey && line !== '') void complete();
    else if (event.key === 'ArrowUp' && !line.includes('\n')) recall(-1);
    else if (event.key === 'ArrowDown' && !line.includes('\n')) recall(1);
    else if (control && event.key === 'c' && !selected) interrupt();
    else if (control && event.key === '\\' && running) session.quit();
    else if (control && event.key === 'd') endInput();
    else if (control && event.key === 'l') session.clear();
    else if (control && event.key === 'u') write('');
    else if (event.key === 'Escape') return log.current?.focus();
    else return;
    event.preventDefault();
  };
  const interrupt = () => {
    if (running) session.interrupt();
    write('');
  };
  const question = running ? openLine(items.at(-1)?.chunks ?? []) : '';

  return (
    <section className={styles.terminal} aria-label="터미널" data-empty={items.length === 0}>
      <div
        ref={log}
        className={styles.log}
        role="log"
        aria-label="터미널 출력"
        aria-live="polite"
        tabIndex={0}
        onClick={() => {
          // A click is for typing; one that selects text is for copying.
          if (window.getSelection()?.isCollapsed !== false) input.current?.focus();
        }}
      >
        {items.map((item, index) => (
          <Item key={index} item={item} withheld={index === items.length - 1 ? question.length : 0} />
        ))}
        {candidates.length > 0 && (
          <Candidates
            candidates={candidates}
            onChoose={(candidate) => {
              write(`${line.replace(/[^\s=,/]*$/, '')}${candidate.replace(/^.*[/=](?=.)/, '')} `);
              input.current?.focus();
            }}
          />
        )}
        <div className={styles.inputRow}>
          <label className={styles.prompt} htmlFor="lab-terminal-input">
            {running && question === '' && <span className={styles.busy}>실행 중 (Ctrl+C로 중지)</span>}
            {running ? question : status.prompt}
          </label>
          <textarea
            ref={input}
            id="lab-terminal-input"
            className={styles.input}
            aria-label={running ? `실행 중인 명령에 입력, ${question}` : `명령 입력, ${status.prompt}`}
            aria-describedby="lab-terminal-keys"
            rows={Math.min(line.split('\n').length, 10)}
            value={line}
            spellCheck={false}
            autoCapitalize="off"
            autoCorrect="off"
            autoComplete="off"
            enterKeyHint="send"
            onChange={(event) => write(event.target.value)}
            onKeyDown={onKeyDown}
          />
        </div>
      </div>
      <p id="lab-terminal-keys" className={styles.hidden}>
        Enter로 실행하고, Tab으로 완성하고, 위아래 화살표로 지난 명령을 불러온다. 명령이 실행되는 동안 입력한
        줄은 그 명령이 읽는다. Ctrl+C는 중지, Ctrl+D는 입력 끝이다. Esc를 누르면 입력 칸에서 나온다.
      </p>
      {!running && line === '' && (
        <div className={styles.starters} role="group" aria-label="명령 예시">
          {(store.scenario === undefined ? STARTERS : FIRST_LOOKS).map((starter) => (
            <button
              key={starter}
              type="button"
              // Where a finger taps, the keyboard stays as it is.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => {
                write(starter);
                if (matchMedia('(pointer: fine)').matches) input.current?.focus();
              }}
            >
              {starter}
            </button>
          ))}
        </div>
      )}
      <KeyRow>
        <Key label="Tab" onPress={() => void complete()} />
        <Key label="↑" name="지난 명령" onPress={() => recall(-1)} />
        <Key label="↓" name="다음 명령" onPress={() => recall(1)} />
        <Key label="-" onPress={() => insert('-')} />
        <Key label="|" onPress={() => insert('|')} />
        <Key label="/" onPress={() => insert('/')} />
        <Key label="^C" name="중지" onPress={interrupt} />
        <Key label="^D" name="입력 끝" onPress={endInput} />
        <Key label="⏎" name="실행" onPress={submit} />
      </KeyRow>
    </section>
  );
}

interface ItemProps {
  readonly item: TerminalItem;
  /** So many characters at the end of its output stand before the cursor instead. */
  readonly withheld: number;
}

function Item({ item: { prompt, line, chunks, exit, hint, undone = false }, withheld }: ItemProps) {
  return (
    <pre className={styles.item} data-undone={undone}>
      <span className={styles.command}>
        <span className={styles.prompt}>{prompt}</span>
        {line}
        {undone && (
          <span
            className={styles.undone}
            title="이 명령을 실행하기 전으로 되돌렸다. 지금 클러스터에서는 일어나지 않았다."
          >
            되돌림
          </span>
        )}
        {'\n'}
      </span>
      <Chunks chunks={withoutEnd(chunks, withheld)} succeeded={exit === 0} />
      {exit !== undefined && endsOpen(chunks) && '\n'}
      {hint !== undefined && <span className={styles.hint}>{hint}</span>}
    </pre>
  );
}

/** The line that a running command has begun: "/ # ", "Password: ". The reader goes on in it. */
function openLine(chunks: TerminalItem['chunks']): string {
  const last = chunks.at(-1);
  return last === undefined || last.stream === 'note' ? '' : last.text.slice(last.text.lastIndexOf('\n') + 1);
}

/** The chunks without the last `length` characters, which are of the last one. */
function withoutEnd(chunks: TerminalItem['chunks'], length: number): TerminalItem['chunks'] {
  const last = chunks.at(-1);
  if (last === undefined || length === 0) return chunks;
  return [...chunks.slice(0, -1), { ...last, text: last.text.slice(0, -length) }];
}

/** Output without a newline at its end would run into the next prompt. */
function endsOpen(chunks: TerminalItem['chunks']): boolean {
  const text = chunks.at(-1)?.text ?? '\n';
  return chunks.at(-1)?.stream !== 'note' && !text.endsWith('\n');
}

function Candidates(props: {
  readonly candidates: readonly string[];
  readonly onChoose: (candidate: string) => void;
}) {
  const { candidates, onChoose } = props;
  return (
    <div className={styles.candidates} role="group" aria-label="완성 후보">
      {candidates.slice(0, CANDIDATES).map((candidate) => (
        <button key={candidate} type="button" onClick={() => onChoose(candidate)}>
          {candidate}
        </button>
      ))}
      {candidates.length > CANDIDATES && <span>그 밖에 {candidates.length - CANDIDATES}개</span>}
    </div>
  );
}

/** Keys that a phone's keyboard lacks. */
function KeyRow({ children }: { readonly children: ReactNode }) {
  return (
    <div className={styles.keys} role="group" aria-label="터미널 키">
      {children}
    </div>
  );
}

function Key({
  label,
  name,
  onPress,
}: {
  readonly label: string;
  readonly name?: string;
  readonly onPress: () => void;
}) {
  return (
    <button
      type="button"
      className={styles.key}
      aria-label={name}
      // The keyboard stays where it is.
      onPointerDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      {label}
    </button>
  );
}
