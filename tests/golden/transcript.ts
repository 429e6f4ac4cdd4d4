import { readdirSync, readFileSync } from 'node:fs';

/** One command line of a terminal and what the real program answered. */
export interface TranscriptStep {
  readonly run: string;
  readonly stdin?: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
  /** Only the last line of stdout is compared. */
  readonly last?: boolean;
  /** The answer is the recording cluster's own; it is not compared. */
  readonly informative?: boolean;
}

export interface Transcript {
  readonly name: string;
  readonly about: string;
  readonly steps: readonly TranscriptStep[];
}

/** The recorded transcripts in a folder of recordings/, by name. */
export function readTranscripts(folder: 'cli' | 'cli-wide' | 'etcdctl'): readonly Transcript[] {
  const directory = new URL(`recordings/${folder}/`, import.meta.url);
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as Transcript);
}

/** What differs from run to run or from cluster to cluster, and what stands in its place. */
const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  [/\x1b\[[0-9;]*m/g, ''],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]+ [+-]\d{4}/g, '<time>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/resourceVersion: "\d+"/g, 'resourceVersion: "<rv>"'],
  [/"resourceVersion": ?"\d+"/g, '"resourceVersion":"<rv>"'],
  [/\bv1\.\d+\.\d+\b/g, '<version>'],
  [/\b\d{1,3}(\.\d{1,3}){3}\b/g, '<ip>'],
  [/https:\/\/[^\s"']+:\d+/g, '<server>'],
  [/-[a-z0-9]{8,10}-[a-z0-9]{5}\b/g, '-<hash>-<rand>'],
  [/-[a-f0-9]{8,10}\b/g, '-<hash>'],
  [/(?<=\s|^)(\d+[smhdy]){1,2}(?=\s|$)/gm, '<age>'],
  [/"cluster_id":\d+,"member_id":\d+/g, '"cluster_id":0,"member_id":0'],
  [/"raft_term":\d+/g, '"raft_term":0'],
];

/** Output with placeholders, runs of spaces as one. */
export function normaliseOutput(text: string): string {
  return PLACEHOLDERS.reduce((shown, [pattern, placeholder]) => shown.replace(pattern, placeholder), text)
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .join('\n')
    .trim();
}

/** The last line of a text. */
export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
