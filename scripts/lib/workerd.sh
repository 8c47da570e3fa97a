#!/bin/sh
# Miniflare starts this in workerd's place. It becomes workerd (same process id), and leaves behind
# a guard that ends workerd when the Node process that owns it is gone: workerd itself does not
# notice, and after a SIGKILL would hold the port and the database for ever.
#
# RELANCE_WORKERD  the real binary
# RELANCE_TETHER   a named pipe that the owner keeps open for writing as long as it lives
# RELANCE_PID      a file for workerd's process id
# Ctrl-C reaches every process of the terminal. Its owner ends workerd, with SIGKILL; if workerd went
# first, that would look like a crash and it would be started again.
trap '' INT TERM HUP
echo $$ > "$RELANCE_PID"
# Reading ends when the last writer is gone. The guard holds none of workerd's pipes, so that
# closing them is seen.
{ read -r _ < "$RELANCE_TETHER"; kill -9 $$; } < /dev/null > /dev/null 2>&1 3>&- &
exec "$RELANCE_WORKERD" "$@"
