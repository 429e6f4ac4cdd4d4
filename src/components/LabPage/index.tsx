import CodeBlock from '@theme/CodeBlock';
import Details from '@theme/Details';
import { usePageLab } from '../../client/lab-context.tsx';
import { PART_TITLES } from '../../client/lab-parts.ts';
import type { Part, Scenario } from '../../labs/scenario.ts';
import { PART_POINTS, PASS_POINTS } from '../../labs/scenario.ts';
import { Prose } from '../Prose/index.tsx';
import styles from './styles.module.css';

interface Props {
  readonly scenario: Scenario;
}

/** What is to be reached, what is graded, and the way into the lab. */
export function LabBrief({ scenario: { goal, checks } }: Props) {
  const { timeline } = usePageLab();
  return (
    <section className={styles.brief} aria-label="문제">
      <p className={styles.goal}>
        <b>목표</b> <Prose text={goal} />
      </p>
      <details className={styles.criteria}>
        <summary>
          채점 기준:{' '}
          {Object.entries(PART_POINTS)
            .map(([part, points]) => `${PART_TITLES[part as Part]} ${points}`)
            .join(' · ')}
        </summary>
        <table className={styles.checks}>
          <thead>
            <tr>
              <th scope="col">부분</th>
              <th scope="col">점수</th>
              <th scope="col">채점이 보는 상태</th>
            </tr>
          </thead>
          <tbody>
            {checks.map(({ part, points, what }) => (
              <tr key={what}>
                <th scope="row">{PART_TITLES[part]}</th>
                <td>{points}</td>
                <td>
                  <Prose text={what} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
      <p className={styles.note}>
        어떤 명령을 썼는지가 아니라 클러스터의 상태를 본다. 어느 길이든 맞고, {PASS_POINTS}점부터 합격이다.
      </p>
      <a className="button button--primary" href="#lab/problem">
        {timeline.position > 0 ? '이어서 하기' : '실습 시작'}
      </a>
      <noscript>
        <p className={styles.note}>실습은 브라우저 안의 클러스터에서 하므로 자바스크립트가 필요하다.</p>
      </noscript>
    </section>
  );
}

/** Hints that the reader opens one by one. */
export function LabHints({ scenario: { hints } }: Props) {
  return hints.map((hint, index) => (
    <Details key={hint} summary={`힌트 ${index + 1}`}>
      <p>
        <Prose text={hint} />
      </p>
    </Details>
  ));
}

/** The lines that bring all points. */
export function LabSolution({ scenario: { solution } }: Props) {
  return (
    <Details summary="해답">
      <CodeBlock language="bash">{solution.join('\n')}</CodeBlock>
      <p>
        실습실의 <b>문제</b> 창에서 한 줄씩 재생해 볼 수 있다. 파일은 <code>sed</code> 대신 <code>vi</code>로
        고쳐도 된다.
      </p>
    </Details>
  );
}
