/** "2026-11-23T09:00:00Z". Models time.RFC3339. */
export function formatInstant(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
