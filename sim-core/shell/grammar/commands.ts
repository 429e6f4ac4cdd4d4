/** Programs that the interpreter brings along; a line with one of them loads it. */
export const INTERPRETER_COMMANDS: ReadonlySet<string> = new Set(
  `awk base64 basename bash bc chmod column comm cut declare diff dirname du egrep eval expand expr
   fgrep file find fold grep gunzip gzip head join jq let ln local md5sum nl od paste printenv printf read
   readlink readonly rev rg rmdir sed seq set sh sha1sum sha256sum shift shopt sort source split stat
   strings tac tar tee test time touch tr tree trap umask unexpand uniq wait wc which xargs yq zcat
   . [`.split(/\s+/),
);
