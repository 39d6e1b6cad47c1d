"""What every peer's script shares: the clock around its parts, and the line it prints."""

import json
import resource
import statistics
import sys
import time


class Peer:
    """One run of a peer: `python talib_peer.py CSV SECONDS`.

    SECONDS is how long warm repetitions may take; 0 leaves them out, for the whole process. All
    times are processor time, so that others on the machine do not count.
    """

    def __init__(self):
        self.csv = sys.argv[1]
        self.seconds = float(sys.argv[2])
        self.started = None

    def imported(self):
        """Ends the start: what the process has computed so far, the interpreter's own start included."""
        self.started = time.process_time()

    def run(self, load, compute):
        """Loads once, computes once cold, then warm until the time is up; prints the figures.

        `load(path)` gives the data, `compute(data)` a dictionary with what the run found. Making
        an engine belongs to `compute`: most engines serve one run.
        """
        data = load(self.csv)
        loaded = time.process_time()
        found = compute(data)
        first = time.process_time()
        warm = []
        end = first + self.seconds
        while time.process_time() < end and len(warm) < 101:
            start = time.process_time()
            found = compute(data)
            warm.append(time.process_time() - start)
        print(json.dumps({
            "start": self.started,
            "load": loaded - self.started,
            "cold": first - loaded,
            "warm": statistics.median(warm) if warm else None,
            "repetitions": len(warm),
            "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
            **found,
        }))
