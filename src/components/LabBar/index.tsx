import clsx from 'clsx';
import { lazy, Suspense, useState } from 'react';
import { formatClock } from '../../client/format.ts';
import { useLab, usePageLab } from '../../client/lab-context.tsx';
import type { PageLab } from '../../client/lab-store.ts';
import { usePlace } from '../../client/use-place.ts';
import { Icon } from '../Icon/index.tsx';
import { OptionalPart } from '../OptionalPart/index.tsx';
import { TimeHint } from '../TimeHint/index.tsx';
import { UNDO_TITLES } from './undo-titles.ts';
import { PaceControls } from './pace-controls.tsx';
import styles from './styles.module.css';

const LabHistory = lazy(() => import('../LabHistory/index.tsx'));
const LabScreen = lazy(() => import('../LabScreen/index.tsx'));
const SharedOffer = lazy(() => import('../SharedOffer/index.tsx'));

/** Where the page's cluster stands, and what can be done with it as a whole; there once it is awake. */
export function LabBar() {
  const { awake } = usePageLab();
  const { scenario } = useLab();
  const { place, shared, go, forgetShared } = usePlace();
  return (
    <>
      <OptionalPart>
        <Suspense fallback={null}>
          {shared !== undefined && <SharedOffer fragment={shared} onDone={forgetShared} />}
          {place !== undefined && <LabScreen place={place} onGo={go} onClose={() => go(undefined)} />}
        </Suspense>
      </OptionalPart>
      {awake && <Bar onOpen={() => go({ panel: scenario === undefined ? 'cluster' : 'problem' })} />}
    </>
  );
}

function Bar({ onOpen }: { readonly onOpen: () => void }) {
  const store = useLab();
  const page = usePageLab();
  const [history, setHistory] = useState(false);
  const { busy, status, timeline, undo, replaying, failure } = page;
  return (
    <div className={styles.bar} role="group" aria-label="이 페이지의 클러스터">
      {history && (
        <div className={styles.panel} id="lab-history">
          <OptionalPart>
            <Suspense fallback={<p className={styles.loading}>불러오는 중</p>}>
              <LabHistory />
            </Suspense>
          </OptionalPart>
        </div>
      )}
      {failure !== '' && (
        <p className={styles.failure} role="alert">
          {failure}
        </p>
      )}
      <TimeHint />
      <div className={styles.row} data-undo={undo !== undefined}>
        <span>
          <span className={styles.word}>클러스터 </span>
          <b>{describePlace(page)}</b>
        </span>
        <span title="클러스터를 켠 뒤 지난 시뮬레이션 시간">
          <span className={styles.word}>시각 </span>
          <b>{formatClock(status.time)}</b>
        </span>
        {replaying === undefined ? (
          <PaceControls compact />
        ) : (
          <span className={styles.replay}>
            <progress
              max={replaying.total}
              value={replaying.done}
              aria-label={`다시 실행 중: 명령 ${replaying.total}개 가운데 ${replaying.done}개`}
            />
            <button type="button" className={styles.button} onClick={() => store.stop()}>
              중지
            </button>
          </span>
        )}
        <span className={styles.space} />
        <button
          type="button"
          className={styles.button}
          aria-expanded={history}
          aria-controls="lab-history"
          onClick={() => setHistory(!history)}
        >
          기록 {timeline.entries.length}
        </button>
        {undo === undefined ? (
          <button
            type="button"
            className={clsx(styles.button, styles.wide)}
            disabled={busy}
            onClick={() => store.reset()}
          >
            초기화
          </button>
        ) : (
          <button type="button" className={styles.button} onClick={() => store.undo()}>
            {UNDO_TITLES[undo]}
          </button>
        )}
        <button type="button" className={styles.button} onClick={onOpen} aria-label="실습실 열기">
          <Icon name="screen" />
          <span className={styles.word}> 실습실</span>
        </button>
      </div>
    </div>
  );
}

/** A cluster that has not run yet in this visit says what it goes on from. */
function describePlace({ status, undo, timeline }: PageLab): string {
  if (status.revision > 0) return `rev ${status.revision}`;
  if (undo === 'reset') return '초기화됨';
  return timeline.position > 0 ? `명령 ${timeline.position}개에서 이어짐` : '새 클러스터';
}
