import { useLocation } from '@docusaurus/router';
import MDXContent from '@theme-original/MDXContent';
import type { Props } from '@theme/MDXContent';
import type { ReactNode } from 'react';
import { LabProvider } from '../../client/lab-context.tsx';
import { LabBar } from '../../components/LabBar/index.tsx';

/** Every page of Markdown has a lab of its own; it costs nothing before a block is run. */
export default function MDXContentWrapper({ children }: Props): ReactNode {
  const { pathname } = useLocation();
  return (
    <LabProvider key={pathname} page={pathname}>
      <MDXContent>{children}</MDXContent>
      <LabBar />
    </LabProvider>
  );
}
