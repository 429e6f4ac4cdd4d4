import isInternalUrl from '@docusaurus/isInternalUrl';
import Link from '@docusaurus/Link';
import { isActiveSidebarItem } from '@docusaurus/plugin-content-docs/client';
import { ThemeClassNames } from '@docusaurus/theme-common';
import type { Props } from '@theme/DocSidebarItem/Link';
import IconExternalLink from '@theme/Icon/ExternalLink';
import clsx from 'clsx';
import type { ReactNode } from 'react';
import { NoteProgress } from '../../../components/NoteProgress/index.tsx';

/** A note in the sidebar, with how far the reader has come in it. */
export default function DocSidebarItemLink(props: Props): ReactNode {
  const { item, onItemClick, activePath, level, index: _index, ...rest } = props;
  const { href, label, className, autoAddBaseUrl } = item;
  const isActive = isActiveSidebarItem(item, activePath);
  const isInternal = isInternalUrl(href);
  return (
    <li
      className={clsx(
        ThemeClassNames.docs.docSidebarItemLink,
        ThemeClassNames.docs.docSidebarItemLinkLevel(level),
        'menu__list-item',
        className,
      )}
    >
      <Link
        className={clsx('menu__link', isActive && 'menu__link--active')}
        autoAddBaseUrl={autoAddBaseUrl}
        aria-current={isActive ? 'page' : undefined}
        to={href}
        {...(isInternal && onItemClick !== undefined && { onClick: () => onItemClick(item) })}
        {...rest}
      >
        <span>{label}</span>
        {isInternal ? <NoteProgress path={href} /> : <IconExternalLink />}
      </Link>
    </li>
  );
}
