#!/usr/bin/env python3
"""Runs `runner backtest` on every golden run of ../shared and compares the results.

Money, prices, quantities, times, counts and the md5 of the canonical texts must be equal;
doubles may differ by 1e-9 relative (see shared/golden/README.md). The program computes from the
CSV and never sees a golden file.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

TOLERANCE = 1e-9
DOUBLES = {"metrics", "indicators", "median_range"}
# Members that only describe the golden file itself, or words for people.
NOT_COMPARED = {"format", "csv", "set", "note", "because", "reason", "pair"}


def same(golden, ours, where, doubles, problems):
    """Appends to `problems` each difference of `ours` from `golden`."""
    if isinstance(golden, dict):
        if not isinstance(ours, dict):
            problems.append(f"{where}: expected members, found {ours!r}")
            return
        for key, value in golden.items():
            if key in NOT_COMPARED:
                continue
            if key not in ours:
                problems.append(f"{where}.{key}: missing")
            else:
                same(value, ours[key], f"{where}.{key}", doubles or key in DOUBLES, problems)
    elif isinstance(golden, list):
        if not isinstance(ours, list) or len(golden) != len(ours):
            count = len(ours) if isinstance(ours, list) else ours
            problems.append(f"{where}: expected {len(golden)} items, found {count}")
            return
        for index, (left, right) in enumerate(zip(golden, ours)):
            same(left, right, f"{where}[{index}]", doubles, problems)
    elif doubles and type(golden) in (int, float) and type(ours) in (int, float):
        if abs(golden - ours) > TOLERANCE * max(abs(golden), abs(ours)) + 1e-12:
            problems.append(f"{where}: expected {golden!r}, found {ours!r}")
    elif golden != ours or isinstance(golden, bool) != isinstance(ours, bool):
        problems.append(f"{where}: expected {golden!r}, found {ours!r}")


def expand(golden, ours):
    """Cuts our full lists to the excerpts that a short golden file has."""
    for name, cut in [
        ("first_fills", lambda x: x["fills"][:20]),
        ("last_fills", lambda x: x["fills"][-5:]),
        ("first_trades", lambda x: x["trades"][:3]),
        ("last_trades", lambda x: x["trades"][-2:]),
    ]:
        if name in golden:
            ours[name] = cut(ours)


def lines_md5(lines):
    """The md5 of canonical lines, worked out here as a check of the program's own figure."""
    return hashlib.md5("".join(line + "\n" for line in lines).encode()).hexdigest()


def own_texts(ours):
    """Canonical texts made from our lists, so that the md5 is of what the lists say."""
    blank = lambda value: "" if value is None else value
    return {
        "fills": [
            f"{f['time']},{f['order']},{f['side']},{f['price']},{f['quantity']},{f['fee']},"
            + ("M" if f["liquidity"] == "maker" else "T")
            for f in ours["fills"]
        ],
        "orders": [
            f"{o['id']},{o['role']},{o['price']},{blank(o['trigger'])},{o['quantity']},"
            f"{o['submitted']},{blank(o['done'])},{o['filled']},{o['ending']}"
            for o in ours["orders"]
        ],
        "signals": [f"{s['time']},{s['result']}" for s in ours["signals"]],
        "equity": [f"{time},{equity}" for time, equity in ours["equity"]],
    }


def compare(runner, shared, path, extra):
    """Runs one golden file; returns its problems."""
    golden = json.loads(path.read_text())
    command = [runner, "backtest", "--csv", str(shared / golden["csv"]), "--json", "-", "--equity"]
    for key, value in golden["set"].items():
        command += ["--set", f"{key}={value}"]
    done = subprocess.run(command + extra, capture_output=True, text=True, cwd="/")
    if "refused" in golden:
        place = f"{shared / golden['csv']}:{golden['refused']['line']}:"
        problems = []
        if done.returncode != 3:
            problems.append(f"expected exit code 3, found {done.returncode}: {done.stderr.strip()}")
        if place not in done.stderr:
            problems.append(f"expected a message that names {place} found {done.stderr.strip()!r}")
        return problems
    if done.returncode != 0:
        return [f"exit code {done.returncode}: {done.stderr.strip()}"]
    ours = json.loads(done.stdout)
    problems = []
    for name, lines in own_texts(ours).items():
        if lines_md5(lines) != golden["md5"][name]:
            problems.append(f"the list of {name} does not give the golden md5")
    expand(golden, ours)
    same(golden, ours, "", False, problems)
    return problems


def account_texts(ours):
    """The canonical texts of a portfolio's account, made from our lists."""
    return {
        "fills": [
            f"{f['time']},{f['pair']},{f['order']},{f['side']},{f['price']},{f['quantity']},{f['fee']},"
            + ("M" if f["liquidity"] == "maker" else "T")
            for f in ours["fills"]
        ],
        "equity": [f"{time},{equity}" for time, equity in ours["equity"]],
    }


def compare_portfolio(runner, shared, path, extra):
    """Runs one golden portfolio; returns its problems."""
    golden = json.loads(path.read_text())
    command = [runner, "backtest", "--json", "-", "--equity"]
    for pair in golden["csv"]:
        command += ["--csv", f"{pair['pair']}={shared / pair['file']}"]
    for key, value in golden["set"].items():
        command += ["--set", f"{key}={value}"]
    for pair in golden["csv"]:
        for key, value in pair["set"].items():
            command += ["--set", f"{pair['pair']}:{key}={value}"]
    done = subprocess.run(command + extra, capture_output=True, text=True, cwd="/")
    if done.returncode != 0:
        return [f"exit code {done.returncode}: {done.stderr.strip()}"]
    ours = json.loads(done.stdout)
    problems = []
    for name, lines in account_texts(ours).items():
        if lines_md5(lines) != golden["md5"][name]:
            problems.append(f"the list of {name} does not give the golden md5")
    for name, cut in [("first_fills", slice(20)), ("last_fills", slice(-5, None))]:
        if name in golden:
            ours[name] = ours["fills"][cut]
    if len(golden["refusals"]) < len(ours["refusals"]):
        ours["refusals"] = ours["refusals"][:20]
    if [p["pair"] for p in ours["pairs"]] != [p["pair"] for p in golden["csv"]]:
        problems.append("the pairs are not those of the command line, in its order")
    for left, right in zip(golden["pairs"], ours["pairs"]):
        group = left["parameters"].pop("correlation_group", "")
        if (right["correlation_group"] or "") != group:
            problems.append(f"{left['pair']}: expected group {group!r}")
        for name, lines in own_texts({**right, "equity": []}).items():
            if name in left["md5"] and lines_md5(lines) != left["md5"][name]:
                problems.append(f"{left['pair']}: the list of {name} does not give the golden md5")
        expand(left, right)
    same(golden, ours, "", False, problems)
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runner", required=True, help="the program, built for release")
    parser.add_argument("--shared", required=True, type=pathlib.Path)
    parser.add_argument("--only", default="", help="only files whose path contains this text")
    options = parser.parse_args()
    files = sorted(
        path
        for path in options.shared.glob("golden/*/*.json")
        if options.only in str(path)
    )
    jobs = [(path, extra) for path in files for extra in ([], ["--every-point"])]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        kinds = {True: compare_portfolio, False: compare}
        run = lambda job: kinds[job[0].parent.name == "portfolio"](
            os.path.abspath(options.runner), options.shared, *job
        )
        for (path, extra), problems in zip(jobs, pool.map(run, jobs)):
            if problems:
                failed += 1
                print(f"{path.relative_to(options.shared)} {' '.join(extra)}")
                for problem in problems[:10]:
                    print(f"  {problem}")
    print(f"conformance: {len(files)} golden runs, each with and without --every-point")
    print(f"{len(jobs) - failed} passed, {failed} failed")
    return 1 if failed or not jobs else 0


sys.exit(main())
