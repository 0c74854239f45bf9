"""`python -m launch.healthy URL`: exit 0 when the address answers; for containers."""

import sys
import urllib.request

TIMEOUT_SECONDS = 4

if __name__ == "__main__":
    urllib.request.urlopen(sys.argv[1], timeout=TIMEOUT_SECONDS)
