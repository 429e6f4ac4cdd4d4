import type { LabActivity, RunResult } from '../worker/protocol.ts';
import type { RequestFlow, StageId } from './request-flow.ts';
import { requestFlows } from './request-flow.ts';

/** Why a block failed, in one Korean line. */
export interface Refusal {
  readonly text: string;
  /** The stage that refused; missing if the request never arrived. */
  readonly stage?: StageId;
  readonly request?: string;
}

const TEXTS: Readonly<Record<StageId, string>> = {
  authentication: '인증에서 거부되었다(401). 자격 증명이 없거나 틀렸다.',
  'flow-control': '우선순위와 공정성(APF)에서 밀려났다(429). 잠시 뒤에 다시 보낸다.',
  authorization: '인가에서 거부되었다(403). 이 사용자에게 이 동작을 허용하는 규칙이 없다.',
  decoding: '본문을 오브젝트로 읽지 못했다. 형식과 apiVersion, kind, 필드 이름을 본다.',
  mutating: '변형 어드미션에서 거부되었다. 어떤 플러그인이 무엇을 문제 삼았는지 본다.',
  validation: '유효성 검사에서 거부되었다(422). 메시지가 가리키는 필드를 고친다.',
  validating: '검증 어드미션에서 거부되었다. 어떤 정책에 걸렸는지 본다.',
  storage: '저장소에서 거부되었다.',
};
const STORAGE_TEXTS: Readonly<Record<string, string>> = {
  NotFound: '인증과 인가는 지났지만 그런 오브젝트나 리소스가 없다(404). 이름과 네임스페이스를 본다.',
  AlreadyExists: '같은 이름의 오브젝트가 이미 etcd에 있다(409). 이름을 바꾸거나 먼저 지운다.',
  Conflict: '그 사이에 다른 쓰기가 있었다(409). 최신 resourceVersion으로 다시 보낸다.',
  Expired: '그 리비전은 이미 압축되었다(410). 목록부터 다시 읽는다.',
  MethodNotAllowed: '이 리소스는 그 동작을 받지 않는다(405).',
  UnsupportedMediaType: '그 Content-Type은 받지 않는다(415). application/json이나 application/yaml로 보낸다.',
  NotAcceptable: '그 Accept로는 답할 수 없다(406).',
};

const UNREACHED =
  '요청이 $1에 닿지 못했다. 그 포트를 듣는 프로세스가 없다. 주소와 포트가 맞는지, 서버가 떠 있는지 본다.';

/** What kubectl and the shell say when a request was never sent, or never arrived; $1 is what the message names. */
const CLIENT_TEXTS: readonly (readonly [message: RegExp, text: string])[] = [
  // Which port it was may be the whole answer.
  [/server (\S+:\d+) was refused/, UNREACHED],
  [/dial tcp (\S+:\d+): connect: connection refused/, UNREACHED],
  [
    /TLS handshake timeout/,
    '포트는 열려 있지만 서버가 아직 대답하지 못한다. 막 떴거나, 준비되기 전에 멈춰 있다.',
  ],
  [/connection reset by peer/, '대답을 기다리는 동안 연결이 끊겼다. 서버가 방금 죽었거나 다시 시작했다.'],
  [
    /^Unable to connect to the server: .*x509: /m,
    '서버의 인증서를 확인하지 못해 요청을 보내지 않았다. 메시지의 x509 뒤와 kubeconfig의 CA를 본다.',
  ],
  [
    /doesn't have a resource type/,
    'kube-apiserver가 알려 준 리소스 목록에 그런 이름이 없어서 kubectl이 요청을 보내지 않았다. kubectl api-resources로 이름을 본다.',
  ],
  [
    /no matches for kind/,
    'kube-apiserver가 알려 준 리소스 목록에 그런 kind와 apiVersion이 없어서 kubectl이 요청을 보내지 않았다. 둘의 철자와 짝을 본다.',
  ],
  [
    /error (?:parsing|converting YAML)|yaml: /,
    'kubectl이 YAML을 읽지 못해 요청을 보내지 않았다. 메시지가 가리키는 줄의 들여쓰기와 콜론을 본다.',
  ],
  [
    /unknown (?:command|flag|shorthand flag)/,
    '그런 명령이나 플래그가 없어서 아무 요청도 보내지 않았다. --help로 쓸 수 있는 것을 본다.',
  ],
  [
    /^bash: .*[ㄱ-ㅎㅏ-ㅣ가-힣].*: command not found$/m,
    '명령이 한글로 입력되었다. 한/영 키를 누르고 영문으로 다시 친다.',
  ],
  [/^bash: .*: command not found$/m, '셸에 그런 명령이 없다. kube-apiserver에는 아무것도 가지 않았다.'],
];

/** What a refusal is told by. */
type Outcome = Pick<RunResult, 'exit' | 'stderr'> & { readonly activity: Pick<LabActivity, 'trace'> };

/** Explains a result that failed; undefined if it did not, or if what the command says is all that there is. */
export function explainRefusal({ exit, stderr, activity }: Outcome): Refusal | undefined {
  if (exit === 0 && stderr === '') return undefined;
  const failed = requestFlows(activity.trace).findLast((flow) => flow.status >= 400);
  if (failed !== undefined) return explainFlow(failed);
  if (exit === 0) return undefined;
  for (const [message, text] of CLIENT_TEXTS) {
    const found = message.exec(stderr);
    if (found !== null) return { text: text.replace('$1', found[1] ?? '') };
  }
  return undefined;
}

function explainFlow(flow: RequestFlow): Refusal {
  const stage = flow.stages.find(({ state }) => state === 'failed')?.id ?? 'storage';
  const text = stage === 'storage' ? (STORAGE_TEXTS[flow.reason] ?? TEXTS.storage) : TEXTS[stage];
  return { text, stage, request: flow.request };
}
