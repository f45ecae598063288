# Bash takes words apart at "=" and ":" (COMP_WORDBREAKS), and puts its reply in the place of the last part alone. The package
# bash-completion, which puts words together again, may not be there.

# Sets words and cur, up to the cursor, and breaks: where the word under it was taken apart.
__wsl_trace_words() {
    local word i rest=${COMP_LINE:0:COMP_POINT}
    words=() breaks=$COMP_WORDBREAKS
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        ((i < COMP_CWORD)) || word=${rest#"${rest%%[![:space:]]*}"}
        if ((i > 0)) && [[ -n $rest && $rest != [[:space:]]* ]]; then
            words[${#words[@]}-1]+=$word
        else
            words+=("$word")
        fi
        rest=${rest#*"$word"}
    done
    cur=${words[${#words[@]}-1]}
    # Within quotes it takes nothing apart.
    case $cur in
        [\"\']*) cur=${cur:1} breaks= words[${#words[@]}-1]=$cur ;;
    esac
}

# Those of the completions that fit; none is expanded on the way.
__wsl_trace_reply() {
    local option= before= value
    # An option's value stands behind its name.
    [[ $cur != -*=* ]] || option=${cur%%=*}=
    [[ -z $breaks ]] || before=${cur%"${cur##*["$breaks"]}"}
    COMPREPLY=()
    for value in "${completions[@]}"; do
        value=$option$value
        [[ $value != "$cur"* ]] || COMPREPLY+=("${value#"$before"}")
    done
}
