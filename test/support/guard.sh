#!/bin/sh
# Ends what a test run started, however that run itself ended. It reads lines "+ PID" and "- PID"; its input closes when
# the run's process is gone (SIGKILL included), and then every process still on the list is killed. A stopped process
# dies of SIGKILL too. Ctrl-C must not end the guard before its work is done.
trap '' INT TERM HUP
pids=' '
while read -r sign pid; do
  case $sign in
    +) pids="$pids$pid " ;;
    -) pids="${pids%% "$pid" *} ${pids#* "$pid" }" ;;
  esac
done
for pid in $pids; do
  kill -KILL "$pid" 2>/dev/null
done
exit 0
