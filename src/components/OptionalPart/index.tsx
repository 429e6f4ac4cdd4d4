import type { ReactNode } from 'react';
import { Component } from 'react';

export interface OptionalPartProps {
  /** What stands there if the part cannot be had; missing: a line that says so. */
  readonly fallback?: ReactNode;
  readonly children: ReactNode;
}

/**
 * A part of the page that is fetched later and may not be there: offline, or after a newer build took its place on
 * the host. The page and its lab go on without it.
 */
export class OptionalPart extends Component<OptionalPartProps, { readonly failed: boolean }> {
  override readonly state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    const { fallback = <Missing />, children } = this.props;
    return this.state.failed ? fallback : children;
  }
}

function Missing() {
  return (
    <p role="alert">
      이 부분을 불러오지 못했다. 연결을 확인하고 페이지를 다시 연다. 실습 기록은 이 브라우저에 남아 있다.
    </p>
  );
}
