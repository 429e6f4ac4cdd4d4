import CodeBlock from '@theme-original/CodeBlock';
import type { Props } from '@theme/CodeBlock';
import type { ReactNode } from 'react';
import type { BlockData } from '../../client/block.ts';
import { LiveBlock } from '../../components/LiveBlock/index.tsx';

/** A fence that the build ran carries what came out in `liveBlock`; every other one is the theme's. */
export default function CodeBlockWrapper({
  liveBlock,
  ...props
}: Props & { readonly liveBlock?: string }): ReactNode {
  if (liveBlock === undefined || typeof props.children !== 'string') return <CodeBlock {...props} />;
  return <LiveBlock data={JSON.parse(liveBlock) as BlockData} code={props.children.replace(/\n$/, '')} />;
}
