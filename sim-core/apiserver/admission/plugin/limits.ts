/** For one fetch: what an administrator grants a namespace; see ../lazy-plugins.ts. */
export { LimitRanger } from './limitranger/admission.ts';
export { ResourceQuota } from './resourcequota/admission.ts';
