import { useDoc } from '@docusaurus/plugin-content-docs/client';
import { useSyncExternalStore } from 'react';
import type { Grade } from '../../client/lab-attempt.ts';
import { attemptOf } from '../../client/lab-attempt.ts';
import { useLab, usePageLab } from '../../client/lab-context.tsx';
import type { LabPlace } from '../../client/lab-link.ts';
import { PART_TITLES } from '../../client/lab-parts.ts';
import { findScenario } from '../../labs/index.ts';
import { Icon } from '../Icon/index.tsx';
import { UNDO_TITLES } from '../LabBar/undo-titles.ts';
import { Prose } from '../Prose/index.tsx';
import styles from './styles.module.css';

export interface LabTaskProps {
  /** Of the scenario. */
  readonly name: string;
  readonly onGo: (place: LabPlace) => void;
}

/** What is to be done in a broken cluster, how far it is done, and what helps. */
export default function LabTask({ name, onGo }: LabTaskProps) {
  const store = useLab();
  const scenario = findScenario(name);
  const attempt = attemptOf(store);
  const { hints, grade, gradedAt, solved, doing, failure } = useSyncExternalStore(
    attempt.subscribe,
    attempt.read,
    attempt.read,
  );
  const { busy, timeline, undo, replaying } = usePageLab();
  const { metadata, frontMatter } = useDoc();
  const { minutes, symptom } = frontMatter.sidebar_custom_props ?? {};
  const still = busy || doing !== undefined || replaying !== undefined;
  return (
    <div className={styles.task}>
      <h2>{metadata.title}</h2>
      <p>
        <code>{String(symptom)}</code>
      </p>
      <p className={styles.note}>
        {Number(minutes)}분쯤 걸린다. 시각은 명령이 기다리는 동안과 그 뒤 클러스터가 잠잠해질 때까지 흐른다.
        기다림이 길면 위에서 속도를 올린다.
      </p>
      <p>
        <b>목표</b> <Prose text={scenario.goal} />
      </p>
      <div className={styles.actions}>
        <button
          type="button"
          className={styles.primary}
          disabled={still}
          onClick={() => void attempt.grade()}
        >
          채점
        </button>
        <button type="button" className={styles.button} disabled={still} onClick={() => attempt.startOver()}>
          다시 시작
        </button>
        {undo === 'reset' && doing === undefined && (
          <button type="button" className={styles.button} onClick={() => store.undo()}>
            {UNDO_TITLES.reset}
          </button>
        )}
      </div>
      <p className={styles.summary} role="status">
        {doing === 'grade'
          ? '복제한 클러스터에서 시간을 흘려 보며 채점하는 중이다.'
          : grade !== undefined && summarize(grade)}
      </p>
      {failure !== '' && (
        <p className={styles.failure} role="alert">
          {failure}
        </p>
      )}
      {grade !== undefined && doing !== 'grade' && (
        <>
          {timeline.position !== gradedAt && (
            <p className={styles.note}>이 채점 뒤에 명령이 더 실행되었다. 지금 상태는 다시 채점해 본다.</p>
          )}
          <GradeParts grade={grade} />
        </>
      )}
      {solved && (
        <p className={styles.note}>
          해답을 재생한 클러스터다. 여기서 받은 점수는 기록에 남지 않는다. 다시 시작하면 스스로 풀 수 있다.
        </p>
      )}
      <h3>힌트</h3>
      {hints > 0 && (
        <ol className={styles.hints}>
          {scenario.hints.slice(0, hints).map((hint) => (
            <li key={hint}>
              <Prose text={hint} />
            </li>
          ))}
        </ol>
      )}
      {hints < scenario.hints.length ? (
        <button type="button" className={styles.button} onClick={() => attempt.showHint()}>
          {hints === 0 ? '첫 힌트 보기' : '다음 힌트 보기'} ({hints}/{scenario.hints.length})
        </button>
      ) : (
        <p className={styles.note}>힌트는 이것이 전부다.</p>
      )}
      <h3>해답</h3>
      <details>
        <summary>해답 보기</summary>
        <pre className={styles.solution} tabIndex={0}>
          {scenario.solution.join('\n')}
        </pre>
        {doing === 'solution' ? (
          <button type="button" className={styles.button} onClick={() => attempt.stopSolution()}>
            재생 중지
          </button>
        ) : (
          <button
            type="button"
            className={styles.button}
            disabled={still}
            onClick={() => {
              onGo({ panel: matchMedia('(min-width: 861px)').matches ? 'problem' : 'terminal' });
              void attempt.playSolution(scenario.solution);
            }}
          >
            처음부터 재생
          </button>
        )}
      </details>
    </div>
  );
}

function GradeParts({ grade }: { readonly grade: Grade }) {
  return (
    <ul className={styles.parts}>
      {grade.checks.map(({ part, points, earned, what, lost }) => (
        <li key={what} data-lost={lost !== undefined}>
          <Icon name={lost === undefined ? 'check' : 'close'} />
          <b>
            {PART_TITLES[part]} {earned}/{points}
          </b>
          <span>
            <Prose text={what} />
            {lost !== undefined && (
              <span className={styles.lost}>
                <Prose text={lost} />
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function summarize({ earned, passed }: Grade): string {
  if (earned === 100) return '100점. 원인을 고쳤고, 복구됐고, 다른 것은 그대로다.';
  return passed ? `${earned}점, 합격. 잃은 점수의 까닭을 읽어 본다.` : `${earned}점. 아직 합격이 아니다.`;
}
