import type { KubeObject } from '../../apimachinery/object.ts';
import { base64Length } from '../util/base64.ts';
import { describeMetadata } from './metadata.ts';
import type { DescribeWriter } from './writer.ts';

/** Models pkg/describe ConfigMapDescriber. */
export function describeConfigMap(object: KubeObject, writer: DescribeWriter): void {
  const { data = {}, binaryData = {} } = object as {
    data?: Record<string, string>;
    binaryData?: Record<string, string>;
  };
  describeMetadata(object, writer);
  writer.line(0, '\nData\n====');
  for (const key of Object.keys(data).sort()) writer.line(0, `${key}:\n----\n${data[key]}\n`);
  writer.line(0, '\nBinaryData\n====');
  for (const key of Object.keys(binaryData).sort())
    writer.line(0, `${key}: ${base64Length(binaryData[key]!)} bytes`);
  writer.line(0, '');
}

/** Models pkg/describe describeSecret. */
export function describeSecret(object: KubeObject, writer: DescribeWriter): void {
  const { data = {}, type = '' } = object as { data?: Record<string, string>; type?: string };
  describeMetadata(object, writer);
  writer.line(0, `\nType:\t${type}`);
  writer.line(0, '\nData\n====');
  for (const key of Object.keys(data).sort()) {
    const isToken = key === 'token' && type === 'kubernetes.io/service-account-token';
    writer.line(0, isToken ? `${key}:\t${data[key]}` : `${key}:\t${base64Length(data[key]!)} bytes`);
  }
}

/** Models pkg/describe describeServiceAccount. */
export function describeServiceAccount(object: KubeObject, writer: DescribeWriter): void {
  describeMetadata(object, writer);
  const { imagePullSecrets = [] } = object as { imagePullSecrets?: readonly { readonly name: string }[] };
  const [first, ...others] = imagePullSecrets;
  writer.line(0, `Image pull secrets:\t${first?.name ?? '<none>'}`);
  for (const { name } of others) writer.line(0, `                   \t${name}`);
}
