/** Whose words are used: those of Kubernetes v1.28, or, for what it does not have, those of v1.36. */
export type CelGoVersion = '0.16' | '0.26';
