/** Stands for "node:module" where there is no Node: the settings of a process that has none, and nothing else. */
export const createRequire = () => (name: string) => (name === 'process' ? { env: {} } : {});
