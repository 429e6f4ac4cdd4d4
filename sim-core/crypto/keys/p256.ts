import { p256 } from '@noble/curves/nist.js';

// A small table of multiples of the generator: the usual one takes longer to make than a cluster's few keys save.
p256.Point.BASE.precompute(4);

export { p256 };
