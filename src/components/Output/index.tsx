import clsx from 'clsx';
import type { CommandOutput, OutputChunk, RunResult } from '../../client/block.ts';
import styles from './styles.module.css';

/** A body of more lines than this is cut off on paper. */
const PRINTED = 60;

/** What a block wrote: a transcript, or an HTTP response. */
export function Output({
  result,
  live,
}: {
  readonly result: RunResult;
  readonly live?: readonly OutputChunk[];
}) {
  if (live !== undefined) return <Text chunks={live} />;
  if (result.http !== undefined) return <Response result={result} />;
  const { outputs } = result;
  if (outputs.every(({ chunks }) => chunks.length === 0) && outputs.length < 2) {
    return <p className={styles.empty}>출력 없음</p>;
  }
  return (
    <pre className={styles.text}>
      {outputs.map((output, index) => (
        <Command key={index} output={output} prompted={outputs.length > 1} />
      ))}
    </pre>
  );
}

function Text({ chunks }: { readonly chunks: readonly OutputChunk[] }) {
  return (
    <pre className={styles.text}>
      <Chunks chunks={chunks} />
    </pre>
  );
}

function Command({ output, prompted }: { readonly output: CommandOutput; readonly prompted: boolean }) {
  return (
    <>
      {prompted && (
        <span className={styles.command}>
          {output.prompt} {output.line}
          {'\n'}
        </span>
      )}
      <Chunks chunks={output.chunks} succeeded={output.exit === 0} />
    </>
  );
}

interface ChunksProps {
  readonly chunks: readonly OutputChunk[];
  /** What a command says on stderr and still succeeds is a log, not an error. */
  readonly succeeded?: boolean;
}

/** Pieces of output, each in the colour of its stream. */
export function Chunks({ chunks, succeeded = false }: ChunksProps) {
  return chunks.map(({ stream, text }, index) => (
    <span key={index} className={succeeded && stream === 'stderr' ? undefined : styles[stream]}>
      {stream === 'note' ? `■ ${text}\n` : text}
    </span>
  ));
}

function Response({ result }: { readonly result: RunResult }) {
  const { status, statusText, headers, body } = result.http!;
  return (
    <>
      <p className={styles.status}>
        <b>
          {status < 400 ? '✓' : '✗'} HTTP/1.1 {status} {statusText}
        </b>
      </p>
      {headers.length > 0 && (
        <details className={styles.headers}>
          <summary>헤더 {headers.length}개</summary>
          <pre className={styles.text}>{headers.map(([name, value]) => `${name}: ${value}\n`).join('')}</pre>
        </details>
      )}
      <pre className={clsx(styles.text, styles.body)} data-long={body.split('\n').length > PRINTED}>
        {body}
      </pre>
      <p className={styles.rest}>… 나머지는 화면에서 본다.</p>
    </>
  );
}
