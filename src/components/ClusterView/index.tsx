import clsx from 'clsx';
import { useState } from 'react';
import { useLab, usePageLab } from '../../client/lab-context.tsx';
import { useAnswer } from '../../client/use-answer.ts';
import type { ClusterView as View, ComponentView, NodeView, PodView } from '../../client/block.ts';
import styles from './styles.module.css';

/** More pods of a node than this are counted by their state. */
const SHOWN_PODS = 150;
const SYSTEM = 'kube-system';

/** Nodes with their pods, and the components as lights that can be put out. */
export function ClusterView() {
  const store = useLab();
  const { status, timeline } = usePageLab();
  const [system, setSystem] = useState(false);
  const { answer, failure } = useAnswer(
    'cluster',
    { revision: 0 },
    // A command may stop a process without a write and at once.
    `${status.revision} ${Math.floor(status.time / 500)} ${timeline.position}`,
  );
  // While etcd is away nothing can be read of it: the last picture stays, and says so.
  if (answer === undefined) return <p className={styles.note}>{failure === '' ? '불러오는 중' : failure}</p>;
  const served = answer.components.some(({ name, running }) => name === 'kube-apiserver' && running);
  const pods = answer.pods.filter(({ namespace }) => system || namespace !== SYSTEM);
  return (
    <div className={styles.view}>
      {failure !== '' && (
        <p className={styles.failure} role="alert">
          etcd를 읽을 수 없다: {failure} 아래는 rev {answer.revision}의 모습이다.
        </p>
      )}
      <Components
        components={answer.components}
        onSwitch={(component, on) => void store.switchComponent(component.name, component.machine, on)}
      />
      {!served && (
        <p className={styles.stale} role="status">
          kube-apiserver가 떠 있지 않다. 노드와 파드의 상태는 etcd에 마지막으로 적힌 것이라 지금과 다를 수
          있다.
        </p>
      )}
      <label className={styles.filter}>
        <input type="checkbox" checked={system} onChange={(event) => setSystem(event.target.checked)} />{' '}
        kube-system의 파드도 보기
      </label>
      <ul className={styles.nodes}>
        {answer.nodes.map((node) => (
          <li key={node.name}>
            <Node node={node} pods={pods.filter((pod) => pod.node === node.name)} />
          </li>
        ))}
        <li>
          <Unbound pods={pods.filter(({ node }) => node === '')} />
        </li>
      </ul>
    </div>
  );
}

function Components(props: {
  readonly components: View['components'];
  readonly onSwitch: (component: ComponentView, on: boolean) => void;
}) {
  const { components, onSwitch } = props;
  const machines = [...new Set(components.map(({ machine }) => machine))];
  return (
    <div className={styles.components}>
      {machines.map((machine) => (
        <fieldset key={machine} className={styles.machine}>
          <legend>{machine}</legend>
          {components
            .filter((component) => component.machine === machine)
            .map((component) => (
              <Switch key={component.name} component={component} onSwitch={(on) => onSwitch(component, on)} />
            ))}
        </fieldset>
      ))}
    </div>
  );
}

function Switch({
  component,
  onSwitch,
}: {
  readonly component: ComponentView;
  readonly onSwitch: (on: boolean) => void;
}) {
  const { name, machine, wanted, running } = component;
  const { mark, word } = stateOf(component);
  // The picture may be half a second behind a click.
  const [asked, setAsked] = useState<{ readonly was: boolean; readonly to: boolean } | undefined>();
  const on = asked?.was === wanted ? asked.to : wanted;
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      aria-label={`${machine}의 ${name}`}
      className={styles.switch}
      data-running={running}
      onClick={() => {
        setAsked({ was: wanted, to: !on });
        onSwitch(!on);
      }}
    >
      <span aria-hidden="true" className={styles.light}>
        {mark}
      </span>
      <span className={styles.name}>{name}</span>
      <span className={styles.word}>{word}</span>
    </button>
  );
}

function stateOf({ wanted, running }: ComponentView): { mark: string; word: string } {
  if (wanted) return running ? { mark: '●', word: '실행 중' } : { mark: '◐', word: '시작하는 중' };
  return running ? { mark: '◐', word: '멈추는 중' } : { mark: '○', word: '멈춤' };
}

function Node({ node, pods }: { readonly node: NodeView; readonly pods: readonly PodView[] }) {
  return (
    <section className={styles.node} aria-label={`노드 ${node.name}`}>
      <h3 className={styles.title}>
        {node.name}
        <span className={clsx(styles.badge, !node.ready && styles.bad)}>
          {node.ready ? '✓ Ready' : '✗ NotReady'}
        </span>
        {node.unschedulable && <span className={styles.badge}>SchedulingDisabled</span>}
        <span className={styles.count}>파드 {pods.length}개</span>
      </h3>
      <Pods pods={pods} />
    </section>
  );
}

function Unbound({ pods }: { readonly pods: readonly PodView[] }) {
  if (pods.length === 0) return null;
  return (
    <section className={styles.node} aria-label="아직 노드가 없는 파드">
      <h3 className={styles.title}>
        아직 노드가 없는 파드 <span className={styles.count}>{pods.length}개</span>
      </h3>
      <Pods pods={pods} />
    </section>
  );
}

function Pods({ pods }: { readonly pods: readonly PodView[] }) {
  const rest = pods.slice(SHOWN_PODS);
  return (
    <ul className={styles.pods}>
      {pods.slice(0, SHOWN_PODS).map(({ namespace, name, status, ready }) => (
        <li
          key={`${namespace}/${name}`}
          className={clsx(
            styles.pod,
            ready ? styles.ready : /Pending|Creating|Init/.test(status) ? styles.waiting : styles.bad,
          )}
          title={`${namespace}/${name}: ${status}`}
        >
          <span aria-hidden="true">{ready ? '●' : '◌'}</span> {name} <small>{status}</small>
        </li>
      ))}
      {rest.length > 0 && <li className={styles.rest}>그 밖에 {countByStatus(rest)}</li>}
    </ul>
  );
}

/** "Running 812개, Pending 3개". */
function countByStatus(pods: readonly PodView[]): string {
  const counts = new Map<string, number>();
  for (const { status } of pods) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${status} ${count}개`).join(', ');
}
