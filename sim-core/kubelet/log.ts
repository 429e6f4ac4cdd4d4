/** Takes a line of the kubelet's log: `where` is the file and line that klog names. */
export type KubeletLog = (severity: 'I' | 'W' | 'E', where: string, message: string) => void;
