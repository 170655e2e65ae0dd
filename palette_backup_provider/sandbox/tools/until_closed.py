"""A child process whose end is certain.

It runs under a small shell script that holds one end of a pipe. When we close ours, or die, however
suddenly, the script ends the child and removes its folder.
"""

UNTIL_CLOSED = """\
folder=$1; shift
exec 3<&0 2>/dev/null
"$@" 3<&- </dev/null >"$folder/log" 2>&1 &
server=$!
{ read -r _ <&3; kill -KILL "$server"; } &
watch=$!
wait "$server"
kill "$watch"
rm -rf -- "$folder"
"""
"""The script; its arguments are the folder and the command."""
