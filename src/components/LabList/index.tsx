import Link from '@docusaurus/Link';
import { useCurrentSidebarCategory } from '@docusaurus/plugin-content-docs/client';
import { NoteProgress } from '../NoteProgress/index.tsx';
import styles from './styles.module.css';

/** The labs of the sidebar's category that this page is of: what is seen in each, and how far the reader has come. */
export function LabList() {
  const { items } = useCurrentSidebarCategory();
  const labs = items.filter((item) => item.type === 'link');
  return (
    <ol className={styles.labs}>
      {labs.map(({ href, label, customProps = {} }) => (
        <li key={href}>
          <Link to={href}>{label}</Link>
          <span className={styles.minutes}>{Number(customProps['minutes'])}분</span>
          <NoteProgress path={href} />
          <code>{String(customProps['symptom'])}</code>
        </li>
      ))}
    </ol>
  );
}
