/** Names that need the full grammar: its builtins, and the tools that it brings along. */
export const INTERPRETER_COMMANDS: ReadonlySet<string> = new Set(
  `base64 basename bash break chmod column comm continue declare dirname eval exec expand expr
   file fold getopts join jq let ln local mapfile md5sum nl od paste popd printenv
   printf pushd read readarray readlink readonly return rev rg rmdir set sh sha1sum sha256sum shift shopt
   source strings tac tar test time trap tree typeset umask unexpand wait which
   yq . [ :`.split(/\s+/),
);
