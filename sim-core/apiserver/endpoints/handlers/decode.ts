import { parse as parseYaml, YAMLParseError } from 'yaml';
import type { Json, KubeObject } from '../../../apimachinery/object.ts';
import { badRequestError } from '../../../apimachinery/status.ts';
import type { EndpointKind } from '../../registry/rest/subresource.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import type { ServerRequest } from '../request.ts';
import type { MediaType } from './negotiation.ts';
import { bodyMediaType } from './negotiation.ts';

export class ObjectDecoder {
  decode(
    request: ServerRequest,
    kind: EndpointKind | ResourceDefinition,
    fieldValidation: string,
  ): KubeObject {
    void fieldValidation;
    const object = parseBody(request.http.body, bodyMediaType(request), kind.kind) as KubeObject;
    if ('strategy' in kind) kind.strategy.fillDefaults?.(object);
    return object;
  }
}

export function parseBody(text: string, mediaType: MediaType, expected: string): Json {
  try {
    return mediaType === 'application/yaml' ? (parseYaml(text) as Json) : (JSON.parse(text) as Json);
  } catch (error) {
    const detail = error instanceof YAMLParseError ? error.message : (error as Error).message;
    throw badRequestError(`the object provided is unrecognized (must be of type ${expected}): ${detail}`);
  }
}
