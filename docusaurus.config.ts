import { spawnSync } from 'node:child_process';
import type { Config } from '@docusaurus/types';
import type * as Preset from '@docusaurus/preset-classic';
import { bundlerPlugin } from './src/plugins/bundler.ts';
import { checkpointsPlugin } from './src/plugins/checkpoints.ts';
import { contentSecurityPolicyPlugin } from './src/plugins/content-security-policy.ts';
import { offlinePlugin } from './src/plugins/offline.ts';
import { robotsPlugin } from './src/plugins/robots.ts';
import { searchWordsPlugin } from './src/plugins/search-words.ts';
import { darkCode, lightCode } from './src/prism-themes.ts';
import { liveBlocks } from './src/remark/live-blocks.ts';

const url = process.env.SITE_URL ?? 'http://localhost:3000';
const baseUrl = process.env.BASE_URL ?? '/';
/** The sitemap takes its dates from git; a copy without history, or a machine without git, has none. */
const hasHistory = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: __dirname }).status === 0;

// Pages depend on the simulator through their live blocks, which the bundler's cache cannot see.
process.env.DOCUSAURUS_NO_PERSISTENT_CACHE ??= '1';

const config: Config = {
  title: '라이브 쿠버네티스 노트',
  tagline: '읽으면서 실행하는 CKA 학습 노트',
  url,
  baseUrl,
  trailingSlash: true,
  favicon: 'img/favicon.svg',
  future: { v4: true, faster: true },
  // The name stands in the script that sets the colours before the page is drawn, which the policy allows by hash.
  storage: { namespace: 'notes' },
  // Its script stands in pages too, with the base in it.
  baseUrlIssueBanner: false,
  i18n: { defaultLocale: 'ko', locales: ['ko'], path: 'src/i18n' },
  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  onDuplicateRoutes: 'throw',
  markdown: { hooks: { onBrokenMarkdownLinks: 'throw', onBrokenMarkdownImages: 'throw' } },

  presets: [
    [
      'classic',
      {
        docs: {
          routeBasePath: 'docs',
          sidebarPath: './sidebars.ts',
          remarkPlugins: [liveBlocks],
          breadcrumbs: true,
        },
        pages: { remarkPlugins: [liveBlocks] },
        blog: false,
        theme: { customCss: './src/css/custom.css' },
        sitemap: { lastmod: hasHistory ? 'date' : null, ignorePatterns: [`${baseUrl}search/**`] },
      } satisfies Preset.Options,
    ],
  ],

  themes: [
    [
      '@easyops-cn/docusaurus-search-local',
      {
        language: ['en', 'ko'],
        removeDefaultStopWordFilter: ['en', 'ko'],
        hashed: true,
        indexBlog: false,
        docsRouteBasePath: 'docs',
        highlightSearchTermsOnTargetPage: true,
        explicitSearchResultPath: true,
        // Of a live block, what it is and what it gives is searched, not what can be pressed.
        ignoreCssSelectors: ['toolbar', 'tabs', 'state', 'kind'].map(
          (part) => `.live-block [class*="${part}_"]`,
        ),
      },
    ],
  ],

  plugins: [
    ...[checkpointsPlugin, bundlerPlugin, contentSecurityPolicyPlugin, robotsPlugin, offlinePlugin],
    searchWordsPlugin,
  ],

  themeConfig: {
    image: 'img/social.png',
    metadata: [
      { property: 'og:locale', content: 'ko_KR' },
      { property: 'og:type', content: 'article' },
      { name: 'twitter:card', content: 'summary_large_image' },
    ],
    colorMode: { respectPrefersColorScheme: true },
    navbar: {
      title: '라이브 쿠버네티스 노트',
      logo: { alt: '', src: 'img/favicon.svg', width: 28, height: 28 },
      items: [
        { type: 'docSidebar', sidebarId: 'notes', position: 'left', label: '노트' },
        { type: 'search', position: 'right' },
      ],
    },
    footer: {
      style: 'light',
      copyright: [
        'Kubernetes는 The Linux Foundation의 상표다. 이 사이트는 The Linux Foundation, CNCF, Kubernetes 프로젝트와 제휴하거나 그 보증을 받지 않는다.',
        '시뮬레이터는 <a href="https://github.com/kubernetes/kubernetes">Kubernetes</a>와 <a href="https://github.com/etcd-io/etcd">etcd</a>(Apache License 2.0)의 동작을 본떠 새로 쓴 것이다.',
        '용어는 <a href="https://kubernetes.io/ko/docs/">Kubernetes 한글 문서</a>(CC BY 4.0)를 따른다.',
      ].join('<br />'),
    },
    prism: {
      theme: lightCode,
      darkTheme: darkCode,
      additionalLanguages: ['bash', 'http'],
    },
    tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 3 },
  } satisfies Preset.ThemeConfig,
};

export default config;
