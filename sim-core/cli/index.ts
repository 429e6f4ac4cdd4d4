export { GrpcClient, type GrpcClientConfig } from '../etcd/clientv3/grpc/grpc-client.ts';
export { runJsonShell } from './json-shell.ts';
export { runInteractiveShell } from './interactive-shell.ts';
export { openLab, type Lab } from './lab.ts';
export { parseShellOptions, type ShellOptions, UsageError } from './options.ts';
export { RealTimeDriver } from './real-time-driver.ts';
export { settle } from './settle.ts';
export { startServing, type Served } from './serve/serve.ts';
export { parseServeOptions, type ServeOptions } from './serve/options.ts';
