import type { ClusterEvent } from '../../client/block.ts';
import styles from './styles.module.css';

const COLUMNS = ['TIME', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'] as const;

/** Event objects that were recorded, as kubectl get events shows them; with the time that logs tell, in UTC. */
export function ClusterEvents({ events }: { readonly events: readonly ClusterEvent[] }) {
  if (events.length === 0) return <p className={styles.empty}>기록된 이벤트가 없다.</p>;
  return (
    <table className={styles.table} role="table">
      {/* Rows that are laid out otherwise on a narrow screen stay rows to who hears them. */}
      <thead role="rowgroup">
        <tr role="row">
          {COLUMNS.map((column) => (
            <th key={column} scope="col" role="columnheader">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {events.map(({ time, type, reason, object, message, from, count }, index) => (
          <tr key={index} role="row">
            <td role="cell">{new Date(time).toISOString().slice(11, 19)}</td>
            <td role="cell">{type}</td>
            <td role="cell">{reason}</td>
            <td role="cell">{object}</td>
            <td role="cell">
              {message}{' '}
              <span className={styles.from}>
                ({from}
                {count > 1 && `, x${count}`})
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
