"""The process that reads one stranger's file: the file comes in, the clean one goes out, and that is the end of it.

``python -m bot.uploads.worker photo document``: the file is the standard input; the output is one line of JSON,
why it is Refused or what the file is, then its bytes. Before anything is read the kernel is told how much time and
memory this process may take, and that it may write no file: no decoder can talk it out of that.
"""

from __future__ import annotations

import json
import logging
import resource
import sys

CPU_SECONDS = 10  # the largest pictures take two
MEMORY = 1_500_000_000  # bytes of addresses: 50 megapixels with transparency take a GB


def limit() -> None:
    """Bind this process: seconds of work, memory, no files and no core dump."""
    # The second number is where the kernel stops asking.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Clean the file of the standard input."""
    limit()
    logging.disable()  # pypdf remarks on everything that is odd, as often as a file makes it
    from bot.uploads.cleaning import MAX_BYTES, clean
    from bot.uploads.refused import Refused

    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    body = b""
    try:
        made = clean(data, sys.argv[1:])
    except Refused as refused:
        head: dict[str, str | int] = {"refused": refused.kind}
    else:
        head = {"media_type": made.media_type, "width": made.width, "height": made.height}
        body = made.data
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)


if __name__ == "__main__":
    main()
