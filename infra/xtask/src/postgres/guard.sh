# Runs the server given as arguments and stops it when the parent is gone: standard input is a pipe whose other end
# only the parent holds, so it closes with the parent, however the parent ends.
# ON_END is the signal for that case; REMOVE, if set, is a folder deleted afterwards.
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
(
    read -r _ <&3
    if [ -n "$REMOVE" ]; then : >"$REMOVE/ended"; fi
    kill -s "$ON_END" "$server" 2>/dev/null
) &
watch=$!
exec 3<&-
wait "$server"
status=$?
kill "$watch" 2>/dev/null
if [ -n "$REMOVE" ] && [ -e "$REMOVE/ended" ]; then rm -rf "$REMOVE"; fi
exit "$status"
