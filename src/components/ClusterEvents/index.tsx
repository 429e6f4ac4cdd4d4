import type { ClusterEvent } from '../../client/block.ts';
import styles from './styles.module.css';

/** Event objects that were recorded, as kubectl get events shows them. */
export function ClusterEvents({ events }: { readonly events: readonly ClusterEvent[] }) {
  if (events.length === 0) return <p className={styles.empty}>기록된 이벤트가 없다.</p>;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">TYPE</th>
          <th scope="col">REASON</th>
          <th scope="col">OBJECT</th>
          <th scope="col">MESSAGE</th>
        </tr>
      </thead>
      <tbody>
        {events.map(({ type, reason, object, message, from }, index) => (
          <tr key={index}>
            <td>{type}</td>
            <td>{reason}</td>
            <td>{object}</td>
            <td>
              {message} <span className={styles.from}>({from})</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
