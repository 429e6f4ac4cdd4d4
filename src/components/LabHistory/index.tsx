import clsx from 'clsx';
import { useRef, useState } from 'react';
import { parseSavedLab, SavedLabError } from '../../client/command-log.ts';
import { formatClock } from '../../client/format.ts';
import { useLab, usePageLab } from '../../client/lab-context.tsx';
import { toFragment } from '../../client/share-link.ts';
import { describeEntry } from '../../client/timeline.ts';
import { UNDO_TITLES } from '../LabBar/undo-titles.ts';
import { PaceControls } from '../LabBar/pace-controls.tsx';
import styles from './styles.module.css';

/** What was run in the page's lab: any of it can be gone back to, taken along as a file, or shared as a link. */
export default function LabHistory() {
  const store = useLab();
  const { timeline, busy, undo, replaying } = usePageLab();
  const { entries, position, forks } = timeline;
  return (
    <div className={styles.history}>
      <div className={styles.actions}>
        <PaceControls />
        <button
          type="button"
          className={styles.button}
          disabled={busy}
          onClick={() => void store.runAll()}
          title="새 클러스터에서 이 페이지의 블록을 모두 차례로 실행한다"
        >
          처음부터 실행
        </button>
        {undo === undefined && (
          <button type="button" className={styles.button} disabled={busy} onClick={() => store.reset()}>
            초기화
          </button>
        )}
        {undo !== undefined && (
          <button type="button" className={styles.button} onClick={() => store.undo()}>
            {UNDO_TITLES[undo]}
          </button>
        )}
        {replaying !== undefined && (
          <button type="button" className={styles.button} onClick={() => store.stop()}>
            다시 실행 중지 ({replaying.done}/{replaying.total})
          </button>
        )}
      </div>
      <SaveActions />
      <p className={styles.hint}>
        명령을 누르면 그 명령이 끝난 때로 간다. 지난 때에서 명령을 실행하면 거기서 새 갈래가 시작되고, 지금
        갈래는 아래에 남는다.
      </p>
      <ol className={styles.entries} aria-label="실행한 명령">
        <li>
          <Moment index={0} current={position === 0} label="처음" time={0} />
        </li>
        {entries.map((entry, index) => (
          <li key={index}>
            <Moment
              index={index + 1}
              current={position === index + 1}
              future={index >= position}
              label={describeEntry(entry)}
              time={entry.at}
            />
          </li>
        ))}
      </ol>
      {forks.length > 0 && (
        <>
          <h3 className={styles.heading}>다른 갈래</h3>
          <ul className={styles.entries}>
            {forks.map((fork, index) => (
              <li key={index}>
                <button
                  type="button"
                  className={styles.moment}
                  disabled={busy}
                  onClick={() => void store.goTo(fork.length, fork)}
                >
                  <span className={styles.time}>{formatClock(fork.at(-1)?.at ?? 0)}</span>
                  <span className={styles.line}>
                    명령 {fork.length}개 · 마지막: {describeEntry(fork.at(-1))}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

interface MomentProps {
  readonly index: number;
  readonly label: string;
  readonly time: number;
  readonly current: boolean;
  readonly future?: boolean;
}

function Moment({ index, label, time, current, future = false }: MomentProps) {
  const store = useLab();
  const { busy } = usePageLab();
  return (
    <button
      type="button"
      className={clsx(styles.moment, future && styles.future)}
      aria-current={current ? 'step' : undefined}
      disabled={busy}
      onClick={() => void store.goTo(index)}
    >
      <span className={styles.time}>{formatClock(time)}</span>
      <span className={styles.line}>{label}</span>
      {current && <span className={styles.now}>지금</span>}
      {future && <span className={styles.hidden}> (되감기 전의 명령)</span>}
    </button>
  );
}

/** Takes the lab along as a file or a link, and brings one from a file. */
function SaveActions() {
  const store = useLab();
  const input = useRef<HTMLInputElement>(null);
  const [message, setMessage] = useState('');
  const share = async () => {
    const { origin, pathname } = window.location;
    await navigator.clipboard.writeText(origin + pathname + (await toFragment(store.save())));
    setMessage('링크를 복사했다. 링크를 연 사람이 실행을 눌러야 실행된다.');
  };
  const load = async (file: File) => {
    try {
      const lab = parseSavedLab(await file.text());
      if (lab.page !== '' && lab.page !== store.path)
        throw new SavedLabError(`다른 페이지의 실습이다: ${lab.page}`);
      store.load(lab);
      setMessage(`명령 ${lab.entries.length}개를 불러왔다. 다음에 실행할 때 차례로 다시 실행된다.`);
    } catch (error) {
      setMessage(error instanceof SavedLabError ? error.message : '파일을 읽지 못했다.');
    }
  };
  return (
    <div className={styles.actions}>
      <button
        type="button"
        className={styles.button}
        onClick={() => download(JSON.stringify(store.save(), null, 1))}
      >
        파일로 저장
      </button>
      <button type="button" className={styles.button} onClick={() => input.current?.click()}>
        파일 열기
      </button>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label="실습 파일"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file !== undefined) void load(file);
        }}
      />
      <button type="button" className={styles.button} onClick={() => void share()}>
        공유 링크 복사
      </button>
      <span role="status" className={styles.message}>
        {message}
      </span>
    </div>
  );
}

function download(text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = 'kubernetes-lab.json';
  link.click();
  URL.revokeObjectURL(link.href);
}
