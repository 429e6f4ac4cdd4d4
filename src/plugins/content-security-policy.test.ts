import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HEADERS_FILE, inlineScriptHashes, policyIn } from './content-security-policy.ts';

describe('the content security policy', () => {
  const policy = policyIn(readFileSync(HEADERS_FILE, 'utf8'));

  it('lets no script stand in a page but by its hash, and asks no other host', () => {
    const [, scripts] = /script-src ([^;]+)/.exec(policy)!;
    expect(
      scripts!
        .replace(/'sha256-[\w+/]+='/g, '')
        .trim()
        .split(/\s+/),
    ).toEqual(["'self'", "'wasm-unsafe-eval'"]);
    expect(policy).not.toMatch(/https?:|\*/);
  });

  it('counts scripts, not data and not files', () => {
    const html =
      '<script src=/a.js defer></script><script type="application/ld+json">{"a":1}</script><script data-rh=true>go()</script>';
    expect(inlineScriptHashes(html)).toEqual(["'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='"]);
  });

  it('throws where there is none', () => {
    expect(() => policyIn('/*\n  X-Frame-Options: DENY\n')).toThrow('has no Content-Security-Policy');
  });
});
