import { useEffect, useState } from 'react';
import { formatDuration } from '../../client/format.ts';
import type { BlockState } from '../../client/lab-store.ts';
import styles from './styles.module.css';

/** Before this long a run says nothing of being prepared. */
const PATIENCE = 500;

/** One line on where the block stands: a mark and words; told politely to screen readers. */
export function StateLine({ state }: { readonly state: BlockState }) {
  const slow = useSlow(state.phase === 'running' || state.phase === 'waiting');
  const { mark, text } = describe(state, slow);
  const lines = state.phase === 'done' ? countLines(state.result) : undefined;
  return (
    <p className={styles.state} role="status">
      <span aria-hidden="true">{mark}</span> {text}
      {lines !== undefined && <span className={styles.hidden}>, 출력 {lines}줄</span>}
    </p>
  );
}

function describe(
  { phase, result, preparing, elapsed, ranBefore, code, source }: BlockState,
  slow: boolean,
): { mark: string; text: string } {
  const { before, after } = result.revision;
  // The reader went on writing: what is shown is not what this code gives.
  const edited = code !== source;
  const old = edited ? '(고치기 전 코드)' : '';
  const revision = before === after ? `rev ${after}` : `rev ${before}→${after}`;
  switch (phase) {
    case 'static':
      return { mark: '◦', text: `미리 계산된 결과${old} · ${revision}` };
    case 'waiting':
    case 'running':
      if (phase === 'waiting' && ranBefore > 0) {
        return { mark: '⋯', text: `위의 블록 ${ranBefore}개를 먼저 실행하고 있다` };
      }
      if (!slow) return { mark: '⋯', text: '실행 중' };
      return {
        mark: '⋯',
        text: preparing ? '준비 중 · 클러스터를 켜고 있다' : '실행 중 · 중지를 누르면 끝난다',
      };
    case 'failed':
      return { mark: '✗', text: '실패' };
    case 'stale':
      return { mark: '↺', text: `이전 결과${old} · ${revision}` };
    case 'done': {
      const waited = result.time.to - result.time.from;
      const simulated = waited >= 1000 ? ` · 시뮬레이션 시간 ${formatDuration(waited)}` : '';
      const first = ranBefore > 0 ? ` · 위의 블록 ${ranBefore}개를 먼저 실행함` : '';
      return {
        mark: edited ? '↺' : result.exit === 0 ? '✓' : '✗',
        text: `${describeEnd(result)}${old} · ${revision}${simulated} · ${formatDuration(elapsed)}${first}`,
      };
    }
  }
}

/** An HTTP exchange ends with a status, a command with an exit code. */
function describeEnd({ exit, http }: BlockState['result']): string {
  if (exit === 0) return '완료';
  return http !== undefined && http.status > 0 ? `오류 응답 ${http.status}` : `실패(종료 코드 ${exit})`;
}

function countLines({ stdout, stderr }: BlockState['result']): number {
  const text = (stdout + stderr).trimEnd();
  return text === '' ? 0 : text.split('\n').length;
}

/** True when `active` has been true for a while. */
function useSlow(active: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!active) return;
    const timer = setTimeout(() => setSlow(true), PATIENCE);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [active]);
  return slow;
}
