/** "E1123 09:00:00.000000       1 run.go:72] message". Models k8s.io/klog/v2. */
export function klogLine(
  severity: 'I' | 'W' | 'E' | 'F',
  now: number,
  where: string,
  message: string,
): string {
  const iso = new Date(now).toISOString();
  return `${severity}${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000       1 ${where}] ${message}\n`;
}
