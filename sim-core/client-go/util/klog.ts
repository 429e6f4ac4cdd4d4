/**
 * Takes a line of a component's log: `where` is the file and line that klog names, `message` what follows it:
 * '"Failed to update lease" err="…"'.
 */
export type Klog = (severity: 'I' | 'W' | 'E', where: string, message: string) => void;
