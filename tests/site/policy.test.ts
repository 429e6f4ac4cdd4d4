import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HEADERS_FILE, inlineScriptHashes, policyIn } from '../../src/plugins/content-security-policy.ts';
import { ROOT } from './browser.ts';

describe('the content security policy of the built site', () => {
  const build = join(ROOT, 'build');
  const policy = policyIn(readFileSync(join(ROOT, HEADERS_FILE), 'utf8'));
  const pages = readdirSync(build, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.html'),
  );

  it.each(pages)('is the same in %s and in the headers, and allows what stands there', (page) => {
    const html = readFileSync(join(build, page), 'utf8');
    const meta = /<meta http-equiv=Content-Security-Policy content="([^"]+)"/.exec(html)?.[1];
    expect(meta).toBe(policy);
    const hashes = inlineScriptHashes(html);
    expect(hashes.length).toBeGreaterThan(0);
    for (const hash of hashes) expect(policy).toContain(hash);
    expect(html).not.toMatch(/\son[a-z]+=["'a-z]|javascript:/i);
  });

  it('goes out with the site', () => {
    expect(policyIn(readFileSync(join(build, '_headers'), 'utf8'))).toBe(policy);
  });
});
