"""Runs a command, and prints wall time, CPU time and peak memory of it as JSON: `timed.py COMMAND...`.

wait4(2) tells them of exactly one child; Node has no way to it.
"""
import json
import os
import sys
import time

command = sys.argv[1:]
# What it prints goes to stderr: stdout is for the figures.
start = time.monotonic()
pid = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
_, status, usage = os.wait4(pid, 0)
seconds = time.monotonic() - start
print(json.dumps({
    'status': os.waitstatus_to_exitcode(status),
    'seconds': seconds,
    'cpu': usage.ru_utime + usage.ru_stime,
    'peak': usage.ru_maxrss * 1024,
}))
