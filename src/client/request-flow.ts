import type { PatchOperation, TraceEvent } from '../worker/protocol.ts';
import { ownRequests } from './block.ts';

export type StageId =
  | 'authentication'
  | 'flow-control'
  | 'authorization'
  | 'decoding'
  | 'mutating'
  | 'validation'
  | 'validating'
  | 'storage';

type StageState = 'passed' | 'failed' | 'skipped';

/** One stage of the way of a request, as a chip shows it. */
export interface FlowStage {
  readonly id: StageId;
  readonly title: string;
  /** What the stage is for, in one line. */
  readonly purpose: string;
  readonly state: StageState;
  readonly details: readonly string[];
}

/** The way of one request through the kube-apiserver. */
export interface RequestFlow {
  readonly request: string;
  readonly method: string;
  readonly path: string;
  readonly user: string;
  readonly stages: readonly FlowStage[];
  /** 0 while the response is not there. */
  readonly status: number;
  readonly reason: string;
  readonly message: string;
}

const STAGES: Readonly<Record<StageId, { readonly title: string; readonly purpose: string }>> = {
  authentication: { title: '인증', purpose: '누구인지 확인한다. 실패하면 401.' },
  'flow-control': { title: 'APF', purpose: '요청을 우선순위별 줄에 세운다. 줄이 넘치면 429.' },
  authorization: { title: '인가', purpose: '그 동작을 해도 되는지 본다. 실패하면 403.' },
  decoding: { title: '디코딩', purpose: '본문을 오브젝트로 읽는다. 실패하면 400.' },
  mutating: { title: '변형 어드미션', purpose: '빈 값을 채우거나 값을 바꾼다.' },
  validation: { title: '유효성 검사', purpose: '필드 값이 규칙에 맞는지 본다. 실패하면 422.' },
  validating: { title: '검증 어드미션', purpose: '정책에 맞는지 본다. 실패하면 403.' },
  storage: { title: 'etcd 기록', purpose: '저장한다. 성공해야 응답이 나간다.' },
};
const READ_TITLES = { cache: '워치 캐시', etcd: 'etcd 조회' } as const;
const WRITE_WAY: readonly StageId[] = [
  'authentication',
  'flow-control',
  'authorization',
  'mutating',
  'validation',
  'validating',
  'storage',
];
const READ_WAY: readonly StageId[] = ['authentication', 'flow-control', 'authorization', 'storage'];

/** The ways of the reader's own requests, oldest first; discovery that a client does by the way is left out. */
export function requestFlows(trace: readonly TraceEvent[]): RequestFlow[] {
  const flows = new Map<string, FlowBuilder>();
  for (const id of ownRequests(trace)) flows.set(id, new FlowBuilder(id));
  for (const event of trace) {
    if (event.request !== undefined) flows.get(event.request)?.take(event);
  }
  const all = [...flows.values()].map((flow) => flow.build());
  const wanted = all.filter(
    ({ path }) => !/^\/(?:api|apis(?:\/[^/]+){0,2}|api\/v1|openapi\/.*)(?:\?.*)?$/.test(path),
  );
  return wanted.length > 0 ? wanted : all;
}

class FlowBuilder {
  readonly #request: string;
  readonly #details = new Map<StageId, string[]>();
  readonly #failed = new Set<StageId>();
  #method = '';
  #path = '';
  #user = '';
  #reads = false;
  #watches = false;
  #storageTitle: string | undefined;
  #status = 0;
  #reason = '';
  #message = '';

  constructor(request: string) {
    this.#request = request;
  }

  take(event: TraceEvent): void {
    switch (event.type) {
      case 'request-received':
        this.#method = event.method;
        this.#path = event.path;
        this.#reads = event.method === 'GET' || event.method === 'HEAD';
        this.#watches = /[?&]watch=(?:1|true)(?:&|$)/.test(event.path);
        return;
      case 'authenticated':
        this.#user = event.user;
        this.#pass('authentication', `${event.user} (${event.by})`);
        if (event.groups.length > 0) this.#pass('authentication', `그룹: ${event.groups.join(', ')}`);
        return;
      case 'authentication-failed':
        return this.#fail('authentication', event.message);
      case 'impersonated':
        this.#user = event.user;
        return this.#pass('authentication', `사용자 가장: ${event.user}`);
      case 'flow-control':
        return this.#pass('flow-control', `FlowSchema ${event.flowSchema} → ${event.priorityLevel}`);
      case 'authorized':
        return this.#pass('authorization', event.reason || event.authorizer);
      case 'authorization-failed':
        return this.#fail('authorization', event.message);
      case 'decoded':
        for (const warning of event.warnings) this.#pass('decoding', warning);
        return;
      case 'decoding-failed':
        return this.#fail('decoding', event.message);
      case 'admission':
        return this.#takeAdmission(event.phase, event.plugin, event.patch);
      case 'admission-failed':
        return this.#fail(event.phase, `${event.plugin}: ${event.message}`);
      case 'validated':
        return this.#pass('validation', `${event.kind}: 모든 필드가 규칙에 맞다`);
      case 'validation-failed':
        for (const { field, message } of event.errors) this.#fail('validation', `${field}: ${message}`);
        return;
      case 'read':
        this.#storageTitle = READ_TITLES[event.source];
        return this.#pass('storage', `${event.key} · 리비전 ${event.revision} · ${event.count}개`);
      case 'stored':
        return this.#pass(
          'storage',
          `${event.key} · 리비전 ${event.before === 0 ? '' : `${event.before} → `}${event.revision}`,
        );
      case 'storage-failed':
        return this.#fail('storage', event.message);
      case 'responded':
        this.#status = event.status;
        if (this.#watches && event.status < 400) {
          this.#storageTitle = READ_TITLES.cache;
          this.#pass('storage', '연결을 열어 두고 바뀔 때마다 이벤트를 보낸다');
        }
        this.#reason = event.reason ?? '';
        this.#message = event.message ?? '';
        return;
      default:
    }
  }

  build(): RequestFlow {
    // A refusal that no stage claimed comes from the last one that was reached: the store.
    if (this.#status >= 400 && this.#failed.size === 0) this.#fail('storage', this.#message);
    const way = (this.#reads ? READ_WAY : WRITE_WAY).filter((id) => id !== 'decoding');
    const shown: StageId[] = this.#details.has('decoding')
      ? [...way.slice(0, 3), 'decoding', ...way.slice(3)]
      : [...way];
    let refused = false;
    const stages = shown.map((id): FlowStage => {
      const details = this.#details.get(id) ?? [];
      const failed = this.#failed.has(id);
      const state: StageState = failed ? 'failed' : refused || details.length === 0 ? 'skipped' : 'passed';
      refused ||= failed;
      const { title, purpose } = STAGES[id];
      const storage = id === 'storage' && (this.#storageTitle !== undefined || this.#reads);
      return {
        id,
        title: storage ? (this.#storageTitle ?? '조회') : title,
        purpose: storage ? '데이터를 읽는다. 조회는 어드미션을 거치지 않는다.' : purpose,
        state,
        details,
      };
    });
    return {
      request: this.#request,
      method: this.#method,
      path: this.#path,
      user: this.#user,
      stages,
      status: this.#status,
      reason: this.#reason,
      message: this.#message,
    };
  }

  #takeAdmission(phase: 'mutating' | 'validating', plugin: string, patch: readonly PatchOperation[]): void {
    if (patch.length === 0) return this.#pass(phase, plugin);
    for (const { op, path, value } of patch) {
      const text = value === undefined ? '' : ` = ${shorten(JSON.stringify(value))}`;
      this.#pass(phase, `${plugin}: ${op} ${path}${text}`);
    }
  }

  #pass(stage: StageId, detail: string): void {
    const details = this.#details.get(stage);
    if (details === undefined) this.#details.set(stage, [detail]);
    else details.push(detail);
  }

  #fail(stage: StageId, detail: string): void {
    this.#failed.add(stage);
    this.#pass(stage, detail);
  }
}

function shorten(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 99)}…`;
}
