"""Runs a command and prints what it took as JSON: wall and CPU seconds, peak MiB of its largest process."""

import json
import resource
import subprocess
import sys
import time

start = time.monotonic()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "code": code,
    "wall": wall,
    "cpu": used.ru_utime + used.ru_stime,
    "mib": used.ru_maxrss / 1024,
}))
