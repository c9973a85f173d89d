"""Decompresses every file below a folder, on one thread, and looks at nothing."""

import gzip
import os
import sys

total = 0
for path, _, names in os.walk(sys.argv[1]):
    for name in names:
        with gzip.open(os.path.join(path, name)) as file:
            total += len(file.read())
print(total)
