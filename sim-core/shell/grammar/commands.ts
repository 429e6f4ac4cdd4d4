/** Names that need the full grammar: its builtins, and the tools that it brings along. */
export const INTERPRETER_COMMANDS: ReadonlySet<string> = new Set(
  `awk base64 basename bash bc break chmod column comm continue cut declare diff dirname du egrep eval exec expand expr
   fgrep file find fold getopts grep gunzip gzip join jq let ln local mapfile md5sum nl od paste popd printenv
   printf pushd read readarray readlink readonly return rev rg rmdir sed set sh sha1sum sha256sum shift shopt
   sort source split stat strings tac tar test time touch tr trap tree typeset umask unexpand uniq wait wc which
   xargs yq zcat . [ :`.split(/\s+/),
);
