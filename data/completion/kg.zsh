#compdef kg
# Completion of kg for zsh. What may follow is asked of kg itself, which gives data and never a command.
_kg() {
    local reply how line
    local -a lines values shown end
    reply=$(_KG_COMPLETE=zsh ${(Q)words[1]} "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null) || return 1
    lines=("${(@f)reply}")
    how=${lines[1]%%$'\t'*}
    if [[ $how == files ]]; then
        _files
        return
    fi
    [[ $how == part ]] && end=(-S '')
    for line in "${(@)lines[2,-1]}"; do
        [[ -n $line ]] || continue
        values+=("${line%%$'\t'*}")
        shown+=("${line/$'\t'/  -- }")
    done
    (( ${#values} )) && compadd -l -M 'm:{a-zA-Z}={A-Za-z}' $end -d shown -a values
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _kg "$@"
else
    compdef _kg kg
fi
