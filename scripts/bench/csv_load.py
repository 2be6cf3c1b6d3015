"""Loading FER2013's CSV from disk into one array of bytes, [N,48,48], and its labels.

Each contender is a process of its own that times only the loading; the wall time of the process,
with the start of its libraries, is reported beside it.
"""

from __future__ import annotations

import pathlib
import sys

from measure import Benchmark, Contender, Metric, Settings, last_json, run_process

PEER = pathlib.Path(__file__).with_name("pandas_csv.py")


def benchmark(settings: Settings) -> Benchmark:
    def command(*parts: str):
        return lambda: last_json(run_process(parts))

    return Benchmark(
        name="csv",
        title="Loading FER2013's CSV into memory",
        contenders=(
            Contender(
                "fer",
                command(
                    f"{settings.programs}/fer-bench", "csv", settings.data, str(settings.threads)
                ),
                role="ours",
            ),
            *(
                Contender(
                    f"pandas + {parser}",
                    command(sys.executable, str(PEER), parser, settings.data),
                    family="pandas",
                    needs=("pandas",),
                )
                for parser in ("fromstring", "split")
            ),
        ),
        metrics=(
            Metric("seconds", "loading alone, seconds", higher_is_better=False, decimals=3),
            Metric("wall_seconds", "whole process, seconds", higher_is_better=False, decimals=3),
        ),
        same=("images",),
    )
