import type { RunResult } from '../../client/block.ts';
import { explainRefusal } from '../../client/refusal.ts';
import type { StageId } from '../../client/request-flow.ts';
import styles from './styles.module.css';

export interface RefusalLineProps {
  readonly result: RunResult;
  /** Shows the stage that refused, in the flow of that request. */
  readonly onShow: (focus: { readonly request: string; readonly stage: StageId }) => void;
}

/** Which stage refused and what to look at, under the English of who did; nothing if nobody did. */
export default function RefusalLine({ result, onShow }: RefusalLineProps) {
  const refusal = explainRefusal(result);
  if (refusal === undefined) return null;
  const { text, stage, request } = refusal;
  return (
    <p className={styles.refusal}>
      {text}{' '}
      {stage !== undefined && request !== undefined && (
        <button type="button" onClick={() => onShow({ request, stage })}>
          요청 흐름에서 보기
        </button>
      )}
    </p>
  );
}
