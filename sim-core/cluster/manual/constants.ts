/** The machine of the cluster that was installed by hand. */
export const SERVER = { hostname: 'server', address: '172.30.1.10' } as const;
export const DATA_DIRECTORY = '/var/lib/kubernetes';
