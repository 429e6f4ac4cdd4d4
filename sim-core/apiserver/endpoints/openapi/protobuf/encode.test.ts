import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../apimachinery/object.ts';
import { encodeDocument } from './encode.ts';

/** Each message and each kind of field once. */
const DOCUMENT: JsonObject = {
  swagger: '2.0',
  info: {
    title: 'Kubernetes',
    version: 'v1.36.4',
  },
  paths: {
    '/api/v1/pods/{name}': {
      delete: {
        tags: ['core_v1'],
        description: 'delete a Pod',
        operationId: 'deletePod',
        'x-kubernetes-action': 'delete',
        'x-kubernetes-group-version-kind': {
          group: '',
          kind: 'Pod',
          version: 'v1',
        },
        consumes: ['*/*'],
        produces: ['application/json', 'application/yaml'],
        schemes: ['https'],
        parameters: [
          {
            in: 'body',
            name: 'body',
            schema: {
              $ref: '#/definitions/v1.Pod',
            },
          },
          {
            name: 'dryRun',
            in: 'query',
            description: 'how',
            type: 'string',
            uniqueItems: true,
          },
        ],
        responses: {
          '200': {
            description: 'OK',
            schema: {
              $ref: '#/definitions/v1.Pod',
            },
          },
          '401': {
            description: 'Unauthorized',
          },
        },
      },
      parameters: [
        {
          name: 'name',
          in: 'path',
          description: 'name of the Pod',
          required: true,
          type: 'string',
          uniqueItems: true,
        },
      ],
    },
  },
  definitions: {
    'v1.Pod': {
      description: '한 Pod 😀',
      type: 'object',
      required: ['spec', ''],
      properties: {
        spec: {
          type: 'array',
          items: {
            type: 'string',
            format: 'int-or-string',
          },
          'x-kubernetes-list-map-keys': ['name'],
        },
        labels: {
          type: 'object',
          additionalProperties: {
            type: 'string',
          },
        },
        any: {
          additionalProperties: false,
        },
        free: {
          additionalProperties: true,
        },
        'x-odd': {},
      },
      'x-kubernetes-group-version-kind': [
        {
          group: '',
          kind: 'Pod',
          version: 'v1',
        },
      ],
    },
    'io.example.v1.Widget': {
      title: 'Widget',
      default: {
        a: [1, '1'],
      },
      multipleOf: 0.5,
      maximum: 10,
      exclusiveMaximum: true,
      minimum: -1.5,
      exclusiveMinimum: false,
      maxLength: 300,
      minLength: 0,
      pattern: '^a$',
      maxItems: -1,
      minItems: 1,
      uniqueItems: true,
      maxProperties: 2,
      minProperties: 1,
      enum: ['', 'yes', '1', null, 2, true],
      externalDocs: {
        description: 'more',
        url: 'https://example.com',
      },
      example: 'a: b',
      'x-kubernetes-validations': [
        {
          rule: "self.size() < 3 ||\n\tself == 'x'",
          message: 'too "long"',
        },
      ],
    },
  },
  securityDefinitions: {
    BearerToken: {
      description: 'Bearer Token authentication',
      in: 'header',
      name: 'authorization',
      type: 'apiKey',
    },
  },
  security: [
    {
      BearerToken: [],
    },
  ],
};

/** What gnostic-models makes of that JSON: ParseDocument, then proto.Marshal. */
const ENCODED = `
  CgMyLjASFQoKS3ViZXJuZXRlcxIHdjEuMzYuNEKgAxKdAwoTL2FwaS92MS9wb2RzL3tuYW1lfRKFAyrQAgoHY29yZV92MRoMZGVsZXRlIGEg
  UG9kKglkZWxldGVQb2QyEGFwcGxpY2F0aW9uL2pzb24yEGFwcGxpY2F0aW9uL3lhbWw6AyovKkIoCiYKJBIEYm9keRoEYm9keSoWChQjL2Rl
  ZmluaXRpb25zL3YxLlBvZEIlCiMSIRofEgVxdWVyeRoDaG93IgZkcnlSdW4yBnN0cmluZ6ABAUpCCicKAzIwMBIgCh4KAk9LEhgKFgoUIy9k
  ZWZpbml0aW9ucy92MS5Qb2QKFwoDNDAxEhAKDgoMVW5hdXRob3JpemVkUgVodHRwc2ogChN4LWt1YmVybmV0ZXMtYWN0aW9uEgkSB2RlbGV0
  ZQpqRQofeC1rdWJlcm5ldGVzLWdyb3VwLXZlcnNpb24ta2luZBIiEiBncm91cDogIiIKa2luZDogUG9kCnZlcnNpb246IHYxCkowCi4SLCIq
  CAESBHBhdGgaD25hbWUgb2YgdGhlIFBvZCIEbmFtZSoGc3RyaW5nmAEBSvAECqwCCgZ2MS5Qb2QSoQIiDO2VnCBQb2Qg8J+YgJoBBHNwZWOa
  AQCyAQgKBm9iamVjdMoBrAEKWwoEc3BlYxJTsgEHCgVhcnJheboBHAoaEg1pbnQtb3Itc3RyaW5nsgEICgZzdHJpbmf6AScKGngta3ViZXJu
  ZXRlcy1saXN0LW1hcC1rZXlzEgkSBy0gbmFtZQoKJQoGbGFiZWxzEhuqAQ0KC7IBCAoGc3RyaW5nsgEICgZvYmplY3QKDAoDYW55EgWqAQIQ
  AAoNCgRmcmVlEgWqAQIQAQoJCgV4LW9kZBIA+gFLCh94LWt1YmVybmV0ZXMtZ3JvdXAtdmVyc2lvbi1raW5kEigSJi0gZ3JvdXA6ICIiCiAg
  a2luZDogUG9kCiAgdmVyc2lvbjogdjEKCr4CChRpby5leGFtcGxlLnYxLldpZGdldBKlAhoGV2lkZ2V0KhcSFWE6CiAgICAtIDEKICAgIC0g
  IjEiCjEAAAAAAADgPzkAAAAAAAAkQEABSQAAAAAAAPi/WKwCagNeYSRw////////////AXgBgAEBiAECkAEBogEFEgMiIgqiAQYSBHllcwqi
  AQYSBCIxIgqiAQcSBW51bGwKogEEEgIyCqIBBxIFdHJ1ZQrqARsKBG1vcmUSE2h0dHBzOi8vZXhhbXBsZS5jb23yAQkSBydhOiBiJwr6AWcK
  GHgta3ViZXJuZXRlcy12YWxpZGF0aW9ucxJLEkktIHJ1bGU6IHwtCiAgICBzZWxmLnNpemUoKSA8IDMgfHwKICAgIAlzZWxmID09ICd4Jwog
  IG1lc3NhZ2U6IHRvbyAibG9uZyIKYhEKDwoLQmVhcmVyVG9rZW4SAGpPCk0KC0JlYXJlclRva2VuEj4SPAoGYXBpS2V5Eg1hdXRob3JpemF0
  aW9uGgZoZWFkZXIiG0JlYXJlciBUb2tlbiBhdXRoZW50aWNhdGlvbg==
`;

test('encodeDocument writes what gnostic writes', () => {
  const bytes = encodeDocument(DOCUMENT);
  expect(Buffer.from(bytes).toString('base64')).toBe(ENCODED.replaceAll(/\s/g, ''));
});

test.each([
  [{ swagger: '2.0', extra: 1 }, "gnostic's Document has no extra"],
  [{ definitions: { A: { oneOf: [] } } }, "gnostic's Schema has no oneOf"],
])('encodeDocument(%j) knows no such key', (document, message) => {
  expect(() => encodeDocument(document)).toThrow(message);
});
