// What somebody types who looks for a fault: fetched together, since one of them seldom comes alone.
export { chown } from './chown.ts';
export { openssl } from './openssl/openssl.ts';
export { killall, pgrep, pidof, pkill } from './pgrep.ts';
export { df, free } from './resources.ts';
export { netstat, ss } from './sockets.ts';
export { stat } from './stat.ts';
export { sudo } from './sudo.ts';
export { touch } from './touch.ts';
