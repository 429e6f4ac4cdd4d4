/** A line of zap's JSON encoder. `now` in simulated milliseconds. Models client/pkg/logutil. */
export function logLine(
  now: number,
  level: 'info' | 'warn' | 'fatal',
  {
    logger,
    caller,
    message,
    ...fields
  }: { logger?: string; caller: string; message: string; [field: string]: unknown },
): string {
  const ts = new Date(now).toISOString().replace('Z', '000Z');
  return `${JSON.stringify({ level, ts, ...(logger !== undefined && { logger }), caller, msg: message, ...fields })}\n`;
}
