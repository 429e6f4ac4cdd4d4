import Link from '@docusaurus/Link';
import { PageMetadata } from '@docusaurus/theme-common';
import Translate, { translate } from '@docusaurus/Translate';
import Heading from '@theme/Heading';
import type { Props } from '@theme/NotFound/Content';
import clsx from 'clsx';
import type { ReactNode } from 'react';
import { NoteSearch } from '../../../components/NoteSearch/index.tsx';

/** What stands at an address that leads nowhere: a search, begun with the address's own words. */
export default function NotFoundContent({ className }: Props): ReactNode {
  return (
    <>
      {/* Below the notes' folder nobody else names the page. */}
      <PageMetadata title={translate({ id: 'theme.NotFound.title', message: 'Page Not Found' })} />
      <main className={clsx('container margin-vert--xl', className)}>
        <div className="row">
          <div className="col col--8 col--offset-2">
            <Heading as="h1">
              <Translate id="theme.NotFound.title">Page Not Found</Translate>
            </Heading>
            <p>
              <Translate id="theme.NotFound.p1">We could not find what you were looking for.</Translate>
            </p>
            <NoteSearch />
            <p>
              <Link to="/docs/">노트 목록</Link> · <Link to="/">첫 화면</Link>
            </p>
          </div>
        </div>
      </main>
    </>
  );
}
