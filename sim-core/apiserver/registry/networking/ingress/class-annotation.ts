export const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
