/**
 * What `kubectl completion bash` prints: the shell's own completion does the work, so the script only
 * says for which command.
 */
export const BASH_COMPLETION = `# bash completion V2 for kubectl                              -*- shell-script -*-

if [[ $(type -t compopt) = "builtin" ]]; then
    complete -o default -F __start_kubectl kubectl
else
    complete -o default -o nospace -F __start_kubectl kubectl
fi

# ex: ts=4 sw=4 et filetype=sh
`;
