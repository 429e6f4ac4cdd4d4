/** What a field of a kubeconfig may hold, with Go's name of its type. */
type Shape =
  | 'string'
  | 'bool'
  /** []byte, in base64. */
  | 'bytes'
  | { readonly struct: string; readonly fields: Readonly<Record<string, Shape>> }
  | { readonly listOf: Shape & { readonly struct: string } };

const CLUSTER: Shape = {
  struct: 'Cluster',
  fields: {
    server: 'string',
    'tls-server-name': 'string',
    'insecure-skip-tls-verify': 'bool',
    'certificate-authority': 'string',
    'certificate-authority-data': 'bytes',
    'proxy-url': 'string',
    'disable-compression': 'bool',
  },
};
const USER: Shape = {
  struct: 'AuthInfo',
  fields: {
    'client-certificate': 'string',
    'client-certificate-data': 'bytes',
    'client-key': 'string',
    'client-key-data': 'bytes',
    token: 'string',
    tokenFile: 'string',
    username: 'string',
    password: 'string',
  },
};
const CONTEXT: Shape = {
  struct: 'Context',
  fields: { cluster: 'string', user: 'string', namespace: 'string' },
};

const named = (struct: string, field: string, shape: Shape): Shape => ({
  listOf: { struct, fields: { name: 'string', [field]: shape } },
});

const CONFIG: Shape = {
  struct: 'Config',
  fields: {
    apiVersion: 'string',
    kind: 'string',
    clusters: named('NamedCluster', 'cluster', CLUSTER),
    contexts: named('NamedContext', 'context', CONTEXT),
    'current-context': 'string',
    users: named('NamedAuthInfo', 'user', USER),
  },
};

/** Where the latest version of kubeconfigs is registered. */
const SCHEME = 'k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50';

/**
 * Throws an Error with Go's words for what is no kubeconfig of version v1. Models the decoding of
 * k8s.io/client-go/tools/clientcmd/api/v1 Config by encoding/json.
 */
export function checkShape(value: unknown): void {
  const { apiVersion = 'v1', kind = 'Config' } = isObject(value) ? value : {};
  if (
    (apiVersion !== 'v1' || kind !== 'Config') &&
    typeof apiVersion === 'string' &&
    typeof kind === 'string'
  ) {
    throw new Error(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "${SCHEME}"`,
    );
  }
  checkValue(value, CONFIG, '', []);
}

/** `struct` is the innermost structure around the value, `path` the fields that lead to it. */
function checkValue(value: unknown, shape: Shape, struct: string, path: readonly string[]): void {
  if (value === null || value === undefined) return;
  const refuse = () => {
    const place = path.length === 0 ? '' : `Go struct field ${struct}.${path.join('.')} of type `;
    throw new Error(
      `json: cannot unmarshal ${kindOf(value)} into ${place === '' ? 'Go value of type ' : place}${goType(shape)}`,
    );
  };
  if (shape === 'string' || shape === 'bool') {
    if (typeof value !== (shape === 'bool' ? 'boolean' : 'string')) refuse();
  } else if (shape === 'bytes') {
    if (typeof value !== 'string') return refuse();
    const wrong = illegalBase64(value);
    if (wrong !== undefined) throw new Error(`illegal base64 data at input byte ${wrong}`);
  } else if ('listOf' in shape) {
    if (!Array.isArray(value)) return refuse();
    for (const item of value) checkValue(item, shape.listOf, struct, path);
  } else {
    if (!isObject(value)) return refuse();
    // Go comes upon the keys in the order of the JSON that was made of the YAML.
    for (const key of Object.keys(value).sort()) {
      const field = shape.fields[key];
      if (field !== undefined) checkValue(value[key], field, shape.struct, [...path, key]);
    }
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}

function goType(shape: Shape): string {
  if (shape === 'bytes') return '[]uint8';
  if (typeof shape === 'string') return shape;
  return 'listOf' in shape ? `[]v1.${shape.listOf.struct}` : `v1.${shape.struct}`;
}

/** The first byte that standard base64 does not have there. Models encoding/base64 CorruptInputError. */
function illegalBase64(text: string): number | undefined {
  const plain = /^[A-Za-z0-9+/]*/.exec(text)![0].length;
  const padding = text.slice(plain);
  if (/^[\r\n]/.test(padding)) return illegalBase64(text.replace(/[\r\n]/g, ''));
  const wanted = (4 - (plain % 4)) % 4;
  if (wanted === 3) return padding === '' ? plain - 1 : plain;
  if (padding === '='.repeat(wanted)) return undefined;
  if (padding.startsWith('='.repeat(wanted)) && wanted > 0) return plain + wanted;
  return plain;
}
