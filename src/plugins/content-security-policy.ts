import type { Plugin } from '@docusaurus/types';

/**
 * Nothing but the site itself. QuickJS is WebAssembly; the theme's colour-mode script and the
 * editor's styles are inline.
 */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
].join('; ');

/** Puts the content security policy into every page of a production build. */
export function contentSecurityPolicyPlugin(): Plugin {
  return {
    name: 'content-security-policy',
    injectHtmlTags() {
      if (process.env.NODE_ENV !== 'production') return {};
      return {
        headTags: [
          { tagName: 'meta', attributes: { 'http-equiv': 'Content-Security-Policy', content: POLICY } },
        ],
      };
    },
  };
}
