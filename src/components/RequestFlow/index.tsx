import { useMemo, useState } from 'react';
import type { TraceEvent } from '../../client/block.ts';
import type { FlowStage, RequestFlow as Flow, StageId } from '../../client/request-flow.ts';
import { requestFlows } from '../../client/request-flow.ts';
import styles from './styles.module.css';

const MARKS: Readonly<Record<FlowStage['state'], { readonly mark: string; readonly word: string }>> = {
  passed: { mark: '✓', word: '통과' },
  failed: { mark: '✗', word: '거부' },
  skipped: { mark: '–', word: '지나지 않음' },
};

export interface RequestFlowProps {
  readonly trace: readonly TraceEvent[];
  /** The stage to open, and the request it belongs to. */
  readonly focus?: { readonly request: string; readonly stage: StageId } | undefined;
}

/** The way of the reader's requests through the kube-apiserver, stage by stage. */
export default function RequestFlow({ trace, focus }: RequestFlowProps) {
  const flows = useMemo(() => requestFlows(trace), [trace]);
  if (flows.length === 0)
    return <p className={styles.empty}>이 블록은 kube-apiserver에 요청을 보내지 않았다.</p>;
  return (
    <ol className={styles.flows}>
      {flows.map((flow, index) => (
        <li key={flow.request}>
          <Way
            flow={flow}
            // The first shows that there is something to open: which rule let it through.
            open={focus?.request === flow.request ? focus.stage : index === 0 ? 'authorization' : undefined}
          />
        </li>
      ))}
    </ol>
  );
}

/** `open`: the stage that is open at first, if none refused. */
function Way({ flow, open: first }: { readonly flow: Flow; readonly open: StageId | undefined }) {
  const failed = flow.stages.find(({ state }) => state === 'failed')?.id;
  const [chosen, setChosen] = useState<StageId | undefined>(failed ?? first);
  const open = flow.stages.find(({ id }) => id === chosen);
  return (
    <>
      <p className={styles.request}>
        <code>
          {flow.method} {flow.path}
        </code>
        <span>
          {' '}
          → {flow.status === 0 ? '…' : `${flow.status}${flow.reason === '' ? '' : ` ${flow.reason}`}`}
        </span>
        {flow.user !== '' && <span className={styles.user}> · {flow.user}</span>}
      </p>
      <ul className={styles.stages}>
        {flow.stages.map(({ id, title, state }) => (
          <li key={id} className={styles.stage}>
            <button
              type="button"
              className={styles.chip}
              data-state={state}
              aria-expanded={chosen === id}
              onClick={() => setChosen(chosen === id ? undefined : id)}
            >
              <span aria-hidden="true">{MARKS[state].mark}</span> {title}
              <span className={styles.hidden}>: {MARKS[state].word}</span>
            </button>
          </li>
        ))}
      </ul>
      {open !== undefined && <Details stage={open} />}
    </>
  );
}

function Details({ stage }: { readonly stage: FlowStage }) {
  return (
    <div className={styles.details}>
      <p>
        <b>{stage.title}</b> · {stage.purpose}
      </p>
      {stage.details.length > 0 && (
        <ul>
          {stage.details.map((detail, index) => (
            <li key={index}>
              <code>{detail}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
