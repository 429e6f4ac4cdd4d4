import MDXComponents from '@theme-original/MDXComponents';
import { PodCreation } from '../../components/PodCreation/index.tsx';

/** Components that a note uses without importing them. */
export default { ...MDXComponents, PodCreation };
