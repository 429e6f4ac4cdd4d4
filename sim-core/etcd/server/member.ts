import { sha1 } from '@noble/hashes/legacy.js';

/** Who the member is: ids are unsigned 64-bit numbers as decimal texts. */
export interface MemberIdentity {
  readonly clusterId: string;
  readonly memberId: string;
}

/** What the only member of a cluster was made with; its ids follow from it. */
export interface Membership {
  readonly peerUrls: readonly string[];
  readonly clusterToken: string;
}

/**
 * The ids of the only member of a new cluster: they follow from its peer addresses and the cluster's
 * token. Models server/etcdserver/api/membership computeMemberID and RaftCluster.genID.
 */
export function bootstrapIdentity(peerUrls: readonly string[], clusterToken: string): MemberIdentity {
  const member = firstUint64(sha1(ascii([...peerUrls].sort().join('') + clusterToken)));
  return { memberId: uint64(member).toString(), clusterId: uint64(firstUint64(sha1(member))).toString() };
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function firstUint64(hash: Uint8Array): Uint8Array {
  return hash.slice(0, 8);
}

function uint64(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
