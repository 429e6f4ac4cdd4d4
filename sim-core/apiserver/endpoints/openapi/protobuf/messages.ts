/** How a field of a message is written. */
export interface Field {
  readonly number: number;
  /** The key in JSON; of a map the beginning of all of its keys. */
  readonly key: string;
  /** A message of the table below, or a scalar. */
  readonly type: string;
  /** A map holds what stands under its keys one by one: messages of {name = 1, value = 2}. */
  readonly repeats: 'never' | 'list' | 'map';
}

/**
 * What an OpenAPI v2 document of Kubernetes can hold of gnostic's messages. A field is its key in JSON, the number
 * after "=" unless it is the next one, and the type after ":" unless it is a text; [] is a list, * a map of the keys
 * that begin so. For example
 *
 *     Paths /*=2:PathItem
 *
 * has one message in its field 2 for each key that begins with "/": the key in field 1, a PathItem in field 2.
 *
 * Models github.com/google/gnostic-models/openapiv2/OpenAPIv2.proto.
 */
const MESSAGES = `
  Document swagger info:Info paths=8:Paths definitions:Definitions security=12:[SecurityRequirement]
    securityDefinitions:SecurityDefinitions
  Info title version
  Paths /*=2:PathItem
  PathItem get=2:Operation put:Operation post:Operation delete:Operation options:Operation head:Operation
    patch:Operation parameters:[ParametersItem]
  Operation tags:[string] description=3 operationId=5 produces:[string] consumes:[string]
    parameters:[ParametersItem] responses:Responses schemes:[string] x-*=13:Any
  BodyParameter name=2 in required:bool schema:Schema
  QueryParameterSubSchema in=2 description name type=6 uniqueItems=20:bool
  PathParameterSubSchema required:bool in description name type uniqueItems=19:bool
  Responses *:ResponseValue
  Response description schema:SchemaItem
  Definitions *:Schema
  Properties *:Schema
  Schema $ref format title description default:Any multipleOf:double maximum:double exclusiveMaximum:bool
    minimum:double exclusiveMinimum:bool maxLength:int64 minLength:int64 pattern maxItems:int64 minItems:int64
    uniqueItems:bool maxProperties:int64 minProperties:int64 required:[string] enum:[Any]
    additionalProperties:AdditionalPropertiesItem type:TypeItem items:ItemsItem properties=25:Properties
    externalDocs=29:ExternalDocs example:Any x-*:Any
  ExternalDocs description url
  SecurityRequirement *:StringArray
  SecurityDefinitions *:SecurityDefinitionsItem
  ApiKeySecurity type name in description
`;

const FIELDS: ReadonlyMap<string, readonly Field[]> = new Map(
  MESSAGES.split(/\n {2}(?! )/)
    .slice(1)
    .map((text) => {
      const [message = '', ...words] = text.trim().split(/\s+/);
      return [message, fieldsOf(words)];
    }),
);

function fieldsOf(words: readonly string[]): Field[] {
  let number = 0;
  return words.map((word) => {
    const [, key = '', star, given, type = 'string'] = /^([^*=:]*)(\*)?(?:=(\d+))?(?::(.+))?$/.exec(word)!;
    number = given === undefined ? number + 1 : Number(given);
    const item = /^\[(.+)\]$/.exec(type)?.[1];
    const repeats = star !== undefined ? 'map' : item !== undefined ? 'list' : 'never';
    return { number, key, type: item ?? type, repeats };
  });
}

/** The fields of a message in the order of their numbers; undefined for what is none of the table. */
export function messageFields(message: string): readonly Field[] | undefined {
  return FIELDS.get(message);
}
