# Completion of kg for bash. What may follow is asked of kg itself, which gives data and never a command.
_kg_complete() {
    local reply how typed word=${COMP_WORDS[COMP_CWORD]} value quoted before
    COMPREPLY=()
    reply=$(COMP_LINE=$COMP_LINE COMP_POINT=$COMP_POINT _KG_COMPLETE=bash "$1" 2>/dev/null) || return 0
    {
        IFS=$'\t' read -r how typed
        if [[ $how == files ]]; then
            compopt -o default 2>/dev/null
            return 0
        fi
        [[ $how == part ]] && compopt -o nospace 2>/dev/null
        # A word ends at a colon or an equals sign for bash, so that what stands before it is not given again.
        before=${word#[\"\']}
        before=$((${#typed} - ${#before}))
        [[ $word == [:=] ]] && before=${#typed}
        ((before < 0)) && before=0
        while IFS=$'\t' read -r value _; do
            value=${value:before}
            case $word in
                \"*) quoted=${value//\\/\\\\} quoted=${quoted//\"/\\\"} quoted=${quoted//\$/\\\$} quoted=${quoted//\`/\\\`} ;;
                \'*) quoted=${value//\'/\'\\\'\'} ;;
                *) printf -v quoted %q "$value" ;;
            esac
            COMPREPLY+=("$quoted")
        done
    } <<<"$reply"
}
complete -F _kg_complete kg
