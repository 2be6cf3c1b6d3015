"""glibc's allocator set as fer-train sets it, for peers that shall be as fast as they can be."""

import ctypes

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3


def keep_pages() -> None:
    """Freed memory stays with the process: fresh pages cost more than many operations on them."""
    settings = ((M_MMAP_THRESHOLD, 1 << 30), (M_TRIM_THRESHOLD, -1), (M_TOP_PAD, 64 << 20))
    mallopt = ctypes.CDLL(None).mallopt
    for parameter, value in settings:
        if mallopt(parameter, value) != 1:
            raise SystemExit(f"mallopt({parameter}, {value}) is refused")
