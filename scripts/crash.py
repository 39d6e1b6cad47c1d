"""Kills `runner paper` and `runner backtest --db` with SIGKILL at random instants.

After each kill the database must pass `runner db check`, and what it holds must replay
(`runner audit`). The run is started again with the same command until it is complete; then every
row must be that of a run that nobody killed (invariant I8). The seed repeats the instants, as far as
the machine's speed allows.
"""
import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

TABLES = [
    "run", "pairs", "account", "events", "orders", "fills", "positions", "ratchets", "signals",
    "anomalies", "equity",
]

LIMITS = """\
strategy: {rsi_oversold: 44}
portfolio:
  position_size: 0.3
  max_positions: 2
  max_correlated_exposure_pct: 60
  emergency_liquidation_loss_pct: -6
pairs:
  - {product_id: AAA-USD, correlation_group: one}
  - {product_id: BBB-USD, correlation_group: one}
  - {product_id: CCC-USD}
"""


def rows(path):
    """All that a database says of its run; the wall clock's times apart."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        found = {}
        for table in TABLES:
            columns = [c[1] for c in database.execute(f"PRAGMA table_info({table})")]
            kept = [c for c in columns if (table, c) != ("run", "finished")]
            found[table] = sorted(
                map(repr, database.execute(f"SELECT {', '.join(kept)} FROM {table}")))
        return found


class Case:
    """A command, its candles, and what it gives when nobody kills it."""

    def __init__(self, runner, folder, name, words, candles):
        self.runner, self.folder, self.name = runner, folder, name
        self.words, self.candles = words, candles
        self.whole = os.path.join(folder, f"{name}-whole.db")
        began = time.monotonic()
        self.run(self.whole)
        self.seconds = time.monotonic() - began
        self.expected = rows(self.whole)

    def command(self, path):
        return [self.runner, *self.words, *self.candles, "--db", path]

    def run(self, path):
        subprocess.run(self.command(path), check=True, stdout=subprocess.DEVNULL)

    def check(self, path):
        """A database that was just left by a kill."""
        for words in (["db", "check"], ["audit"]):
            done = subprocess.run(
                [self.runner, *words, "--db", path], capture_output=True, text=True)
            if done.returncode != 0:
                raise AssertionError(
                    f"{' '.join(words)} after a kill: {done.stdout}{done.stderr}")

    def at_boundaries(self, stride):
        """Ends a run at every commit boundary in turn, from inside; returns at how many.

        Only a debug build can be told to end there.
        """
        count = 0
        for side in ("BEFORE", "AFTER"):
            number = 1
            while True:
                path = self.fresh()
                fault = {f"RATCHET_EXIT_{side}_COMMIT": str(number)}
                done = subprocess.run(
                    self.command(path), env={**os.environ, **fault}, stdout=subprocess.DEVNULL)
                if done.returncode == 0:
                    if number == 1:
                        raise AssertionError(
                            f"not ended {side.lower()} the first commit: is the runner a debug build?")
                    break
                if done.returncode != 86:
                    raise AssertionError(f"ended with {done.returncode} at commit {number}")
                self.run(path)
                self.compare(path)
                count += 1
                number += stride
        return count

    def fresh(self):
        path = os.path.join(self.folder, f"{self.name}.db")
        for end in ("", "-wal", "-shm", "-lock"):
            if os.path.exists(path + end):
                os.remove(path + end)
        return path

    def compare(self, path):
        found = rows(path)
        for table in TABLES:
            if found[table] != self.expected[table]:
                pairs = zip(found[table] + ["(none)"], self.expected[table] + ["(none)"])
                first = next((a, b) for a, b in pairs if a != b)
                raise AssertionError(f"{table} differs: {first[0]} instead of {first[1]}")
        self.check(path)

    def tortured(self, random, most):
        """Kills a run up to `most` times on its way; returns how often."""
        path = self.fresh()
        kills = 0
        while True:
            process = subprocess.Popen(
                self.command(path), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            if kills < most:
                try:
                    process.wait(random.uniform(0, 0.9 * self.seconds))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
            errors = process.communicate()[1]
            if process.returncode == 0:
                break
            if process.returncode != -signal.SIGKILL:
                raise AssertionError(f"ended with {process.returncode}: {errors}")
            kills += 1
            if os.path.exists(path) and os.path.getsize(path) > 0 and kills % 5 == 0:
                try:
                    self.check(path)
                except AssertionError as error:
                    if "has no run in it" not in str(error) and "no schema" not in str(error):
                        raise
        self.compare(path)
        return kills


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runner", required=True)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument(
        "--boundaries", type=int, default=0, metavar="STRIDE",
        help="end a short session at every STRIDE-th commit, from inside, instead of by SIGKILL; "
        "of a debug build")
    arguments = parser.parse_args()
    runner = os.path.abspath(arguments.runner)
    chance = random.Random(arguments.seed)
    print(f"crash: seed {arguments.seed}")
    with tempfile.TemporaryDirectory() as folder:
        def synth(name, seed, count):
            path = os.path.join(folder, name + ".csv")
            subprocess.run(
                [runner, "data", "synth", "--count", str(count), "--seed", str(seed), "-o", path],
                check=True, capture_output=True)
            return path

        config = os.path.join(folder, "limits.yaml")
        with open(config, "w") as file:
            file.write(LIMITS)
        if arguments.boundaries:
            short = Case(
                runner, folder, "short", ["paper", "--speed", "max"],
                ["--csv", synth("short", 3, 200)])
            try:
                count = short.at_boundaries(arguments.boundaries)
            except AssertionError as error:
                print(f"crash: {error}")
                return 1
            print(f"crash: ended at {count} commit boundaries, nothing lost, nothing done twice")
            return 0

        one = ["--csv", synth("one", 3, 2500)]
        long = ["--csv", synth("long", 4, 150000)]
        three = [
            word for name, seed in (("AAA-USD", 5), ("BBB-USD", 6), ("CCC-USD", 7))
            for word in ("--csv", f"{name}={synth(name, seed, 900)}")
        ] + ["-c", config]
        cases = [
            Case(runner, folder, "paper-one", ["paper", "--speed", "max"], one),
            Case(runner, folder, "paper-three", ["paper", "--speed", "max"], three),
            Case(runner, folder, "backtest-long", ["backtest"], long),
            Case(runner, folder, "backtest-three", ["backtest"], three),
        ]
        kills = 0
        turn = 0
        while kills < arguments.kills:
            case = cases[turn % len(cases)]
            turn += 1
            try:
                done = case.tortured(chance, min(12, arguments.kills - kills))
            except AssertionError as error:
                print(f"crash: {case.name}, seed {arguments.seed}: {error}")
                return 1
            kills += done
            print(f"crash: {case.name}: killed {done} times, and every row is as it should be")
        print(f"crash: {kills} kills, nothing lost, nothing done twice")
    return 0


if __name__ == "__main__":
    sys.exit(main())
