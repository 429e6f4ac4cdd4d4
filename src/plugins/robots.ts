import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from '@docusaurus/types';

/** robots.txt names the sitemap by its whole address, which is known at build time only. */
export function robotsPlugin(): Plugin {
  return {
    name: 'robots',
    async postBuild({ outDir, siteConfig: { url, baseUrl } }) {
      const text = `User-agent: *\nAllow: /\n\nSitemap: ${url}${baseUrl}sitemap.xml\n`;
      await writeFile(join(outDir, 'robots.txt'), text);
    },
  };
}
