import type { Plugin } from '@docusaurus/types';
import lunr from 'lunr';

/**
 * Makes the search take the English terms of a note for words: they stand in parentheses right behind the Korean
 * ones ("파드(mirror pod)"), where its index would see one long word.
 */
export function searchWordsPlugin(): Plugin {
  lunr.tokenizer.separator = /[\s\-()]+/;
  return { name: 'search-words' };
}
