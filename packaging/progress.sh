# SPDX-License-Identifier: GPL-3.0-or-later
# Show that a slow command is alive: on a terminal its latest line, in a pipe one line now and then.  Sourced by sh.

# Read a command's output, closed by "@exit STATUS"; return that status, after all that was said where it is not 0.
show_progress() {
    count=0
    log=
    newline='
'
    while IFS= read -r line; do
        case $line in
        "@exit "*) break ;;
        Get:* | Unpacking* | "Setting up"* | Collecting* | *Downloading* | *Building* | *Installing* | *Preparing*)
            count=$((count + 1))
            if [ -t 1 ]; then
                printf '\r\033[K  %.74s' "$line"
            elif [ $((count % 25)) -eq 0 ]; then
                printf '  ... %.70s\n' "$line"
            fi
            ;;
        esac
        log=$log$line$newline
    done
    [ ! -t 1 ] || printf '\r\033[K'
    [ "$line" = "@exit 0" ] || printf '%s' "$log" >&2
    return "${line#@exit }"
}

say_outcome() {
    outcome=0
    "$@" </dev/null 2>&1 || outcome=$?
    printf '@exit %s\n' "$outcome"
}

# with_progress WORDS COMMAND...: run a slow command; where it fails, print all that it said and exit.
with_progress() {
    words=$1
    shift
    begun=$(date +%s)
    printf '%s ...\n' "$words"
    failure=0
    say_outcome "$@" | show_progress || failure=$?
    if [ "$failure" -ne 0 ]; then
        printf '%s: failed (exit status %s); what it said stands above\n' "$words" "$failure" >&2
        exit "$failure"
    fi
    printf '  done in %s s\n' "$(($(date +%s) - begun))"
}
