import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';

/** What the site's host may send: the one place where the policy stands. */
export const HEADERS_FILE = 'static/_headers';

/** The policy in the text of a headers file. Throws if there is none. */
export function policyIn(headers: string): string {
  const policy = /^\s+Content-Security-Policy:\s*(.+?)\s*$/m.exec(headers)?.[1];
  if (policy === undefined) throw new Error(`${HEADERS_FILE} has no Content-Security-Policy`);
  return policy;
}

/** The hashes, as a policy has them, of the scripts that stand in a page. Data, such as JSON-LD, is no script. */
export function inlineScriptHashes(html: string): string[] {
  return [...html.matchAll(/<script\b([^>]*)>([^]*?)<\/script>/g)]
    .filter(([, attributes, text]) => text !== '' && !/\b(?:src|type)=/.test(attributes!))
    .map(([, , text]) => `'sha256-${createHash('sha256').update(text!).digest('base64')}'`);
}

/**
 * Puts the content security policy into every page of a production build: nothing but the site itself. QuickJS is
 * WebAssembly; the theme's colour-mode script stands in the page and is allowed by its hash; the editor sets styles.
 */
export function contentSecurityPolicyPlugin({ siteDir }: LoadContext): Plugin {
  const policy = policyIn(readFileSync(join(siteDir, HEADERS_FILE), 'utf8'));
  return {
    name: 'content-security-policy',
    injectHtmlTags() {
      if (process.env.NODE_ENV !== 'production') return {};
      return {
        headTags: [
          { tagName: 'meta', attributes: { 'http-equiv': 'Content-Security-Policy', content: policy } },
        ],
      };
    },
    postBuild({ outDir }) {
      for (const file of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.html')) continue;
        for (const hash of inlineScriptHashes(readFileSync(join(outDir, file), 'utf8'))) {
          if (!policy.includes(hash))
            throw new Error(`${file} has a script that its policy forbids: add ${hash} to ${HEADERS_FILE}`);
        }
      }
      return Promise.resolve();
    },
  };
}
