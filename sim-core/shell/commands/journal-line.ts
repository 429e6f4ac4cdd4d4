import type { JournalEntry } from '../../node/journal.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** "Nov 23 09:00:12 node01 kubelet[842]: message". */
export function journalLine({ time, identifier, pid, message }: JournalEntry, hostname: string): string {
  const date = new Date(time);
  const day = String(date.getUTCDate()).padStart(2, '0');
  const clock = date.toISOString().slice(11, 19);
  return `${MONTHS[date.getUTCMonth()]} ${day} ${clock} ${hostname} ${identifier}[${pid}]: ${message}`;
}

/** "Mon 2026-11-23 09:00:12 UTC". */
export function systemTime(time: number): string {
  const date = new Date(time);
  return `${DAYS[date.getUTCDay()]} ${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
