import type {
  DeleteResponse,
  KeyValue,
  OperationResponse,
  PutResponse,
  RangeResponse,
  ResponseHeader,
  TransactionResponse,
  WatchResponse,
} from '../../etcd/clientv3/client.ts';
import type { Output } from './display.ts';
import { headerFields, headerJson, keyValueFields, keyValueJson, keyValueText } from './values.ts';

/** How a printer shows bytes and ids. */
export interface Style {
  /** --hex */
  readonly isHex: boolean;
  /** --print-value-only */
  readonly valueOnly?: boolean;
}

const listed = (kvs: readonly KeyValue[]) => (kvs.length === 0 ? undefined : kvs.map(keyValueJson));

/** The answers of the KV service and of watches. Models printer_{simple,fields,json}.go. */
export function rangeOutput(
  { header, kvs, more, count }: RangeResponse,
  { isHex, valueOnly }: Style,
): Output {
  const fields = kvs.map((kv) => keyValueFields(kv, isHex)).join('');
  return {
    simple: kvs.map((kv) => keyValueText(kv, isHex, valueOnly)).join(''),
    fields: `${headerFields(header, isHex)}${fields}"More" : ${more}\n"Count" : ${count}\n`,
    json: {
      header: headerJson(header),
      kvs: listed(kvs),
      more: more || undefined,
      count: count === 0 ? undefined : count,
    },
  };
}

export function putOutput({ header, previous }: PutResponse, { isHex }: Style): Output {
  return {
    simple: `OK\n${previous === undefined ? '' : keyValueText(previous, isHex)}`,
    fields:
      headerFields(header, isHex) + (previous === undefined ? '' : keyValueFields(previous, isHex, 'Prev')),
    json: { header: headerJson(header), prev_kv: previous && keyValueJson(previous) },
  };
}

export function deleteOutput({ header, deleted, previous }: DeleteResponse, { isHex }: Style): Output {
  const fields = previous.map((kv) => keyValueFields(kv, isHex, 'Prev')).join('');
  return {
    simple: `${deleted}\n${previous.map((kv) => keyValueText(kv, isHex)).join('')}`,
    fields: `${headerFields(header, isHex)}"Deleted" : ${deleted}\n${fields}`,
    json: {
      header: headerJson(header),
      deleted: deleted === 0 ? undefined : deleted,
      prev_kvs: listed(previous),
    },
  };
}

export function txnOutput({ header, succeeded, responses }: TransactionResponse, style: Style): Output {
  const parts = responses.map((response) => ({
    name: JSON_NAMES[response.type],
    ...outputOf(response, style),
  }));
  return {
    simple: `${succeeded ? 'SUCCESS' : 'FAILURE'}\n${parts.map(({ simple }) => `\n${simple}`).join('')}`,
    fields: `${headerFields(header, style.isHex)}"Succeeded" : ${succeeded}\n${parts.map(({ fields }) => fields).join('')}`,
    json: {
      header: headerJson(header),
      succeeded: succeeded || undefined,
      responses:
        parts.length === 0
          ? undefined
          : parts.map(({ name, json }) => ({
              Response: { [name]: { ...(json as object), header: { revision: header.revision } } },
            })),
    },
  };
}

const JSON_NAMES = {
  range: 'ResponseRange',
  put: 'ResponsePut',
  delete: 'ResponseDeleteRange',
  txn: 'ResponseTxn',
} as const;

function outputOf(response: OperationResponse, style: Style): Output {
  switch (response.type) {
    case 'range':
      return rangeOutput(response, style);
    case 'put':
      return putOutput(response, style);
    case 'delete':
      return deleteOutput(response, style);
    case 'txn':
      return txnOutput(response, style);
  }
}

export function watchOutput({ header, events }: WatchResponse, { isHex }: Style): Output {
  const name = (type: 'put' | 'delete') => type.toUpperCase();
  return {
    simple: events
      .map(
        ({ type, kv, previous }) =>
          `${name(type)}\n${previous === undefined ? '' : keyValueText(previous, isHex)}${keyValueText(kv, isHex)}`,
      )
      .join(''),
    fields:
      headerFields(header, isHex) +
      events
        .map(
          ({ type, kv, previous }) =>
            `"Type" : ${name(type)}\n${previous === undefined ? '' : keyValueFields(previous, isHex, 'Prev')}${keyValueFields(kv, isHex)}`,
        )
        .join(''),
    json: {
      Header: headerJson(header),
      Events: events.map(({ type, kv, previous }) => ({
        type: type === 'delete' ? 1 : undefined,
        kv: keyValueJson(kv),
        prev_kv: previous && keyValueJson(previous),
      })),
      CompactRevision: 0,
      Canceled: false,
      Created: false,
    },
  };
}

/** An answer that says nothing beside its header. */
export function headerOutput(simple: string, header: ResponseHeader, { isHex }: Style): Output {
  return { simple, fields: headerFields(header, isHex), json: { header: headerJson(header) } };
}
