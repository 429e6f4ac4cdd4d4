import Head from '@docusaurus/Head';
import { useDoc } from '@docusaurus/plugin-content-docs/client';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import Metadata from '@theme-original/DocItem/Metadata';
import type { ReactNode } from 'react';
import { scenarioOf } from '../../../labs/scenario.ts';

/** The theme's metadata and, for search engines, what kind of text this is. */
export default function MetadataWrapper(): ReactNode {
  const { metadata, frontMatter } = useDoc();
  const { siteConfig } = useDocusaurusContext();
  const minutes = frontMatter.sidebar_custom_props?.['minutes'];
  const article = {
    '@context': 'https://schema.org',
    ...(scenarioOf(metadata.permalink) === undefined
      ? { '@type': 'TechArticle' }
      : {
          ...{ '@type': 'LearningResource', learningResourceType: 'interactive lab' },
          ...{ interactivityType: 'active', timeRequired: `PT${String(minutes)}M` },
        }),
    headline: metadata.title,
    description: metadata.description,
    inLanguage: 'ko',
    url: siteConfig.url + metadata.permalink.replace(/\/?$/, '/'),
    keywords: frontMatter.keywords?.join(', '),
    about: frontMatter.keywords,
    educationalLevel: 'CKA',
    isPartOf: { '@type': 'WebSite', name: siteConfig.title, url: siteConfig.url + siteConfig.baseUrl },
    ...(metadata.lastUpdatedAt != null && {
      dateModified: new Date(metadata.lastUpdatedAt).toISOString(),
    }),
  };
  return (
    <>
      <Metadata />
      <Head>
        <script type="application/ld+json">{JSON.stringify(article)}</script>
      </Head>
    </>
  );
}
