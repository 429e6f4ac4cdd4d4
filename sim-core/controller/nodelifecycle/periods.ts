/** --node-monitor-period, in milliseconds: how often nodes are looked at. */
export const MONITOR_PERIOD = 5000;
/** --node-monitor-grace-period: how long a node may be silent before it is not Ready. */
export const GRACE_PERIOD = 50_000;
/** --node-startup-grace-period: the same for one that was never Ready. */
export const STARTUP_GRACE_PERIOD = 60_000;
