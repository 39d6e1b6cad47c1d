#!/usr/bin/env python3
"""Runs `runner backtest` on every golden run of ../shared and compares the results.

With --live the runs go through `runner live --sandbox … --speed lockstep` and `runner paper` instead:
sockets, an exchange, a database. What is in the database then must give the same canonical texts.

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
import sqlite3
import subprocess
import sys
import tempfile

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


def decimal(steps, places):
    """A whole number of steps as a canonical decimal."""
    sign, steps = ("-", -steps) if steps < 0 else ("", steps)
    whole, rest = divmod(steps, 10**places)
    return f"{sign}{whole}" + (f".{rest:0{places}}".rstrip("0") if rest else "")


def seconds(nanoseconds):
    return "" if nanoseconds is None else decimal(nanoseconds, 9)


def stored_texts(database, names):
    """The canonical texts of a database, by pair, and the fills of the account."""
    ending = lambda state: state if state in ("filled", "expired", "cancelled", "rejected") else "working"
    place = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    pairs = []
    for pair in range(len(names)):
        fills = [
            f"{seconds(time)},{number},{side},{decimal(price, 8)},{quantity},{fee},{liquidity[0].upper()}"
            for time, number, side, price, quantity, fee, liquidity in place.execute(
                "SELECT time, number, side, price, quantity, fee, liquidity FROM fills"
                " WHERE pair = ? ORDER BY seq", (pair,))
        ]
        orders = [
            f"{number},{role},{decimal(price, 8)},{'' if trigger is None else decimal(trigger, 8)},"
            f"{quantity},{seconds(submitted)},{seconds(done)},{filled},{ending(state)}"
            for number, role, price, trigger, quantity, submitted, done, filled, state in place.execute(
                "SELECT number, role, price, stop_trigger, quantity, submitted, done, filled, state"
                " FROM orders WHERE pair = ? ORDER BY number", (pair,))
        ]
        pairs.append({"fills": fills, "orders": orders})
    account = [
        f"{seconds(time)},{names[pair]},{number},{side},{decimal(price, 8)},{quantity},{fee},"
        f"{liquidity[0].upper()}"
        for time, pair, number, side, price, quantity, fee, liquidity in place.execute(
            "SELECT time, pair, number, side, price, quantity, fee, liquidity FROM fills ORDER BY seq")
    ]
    place.close()
    return pairs, account


# SEMANTICS 8.3 ends an entry across a gap when its own pair opens again. A live session is told the
# time, not when a candle will come, and ends it when its time is over: nothing traded in between, but
# what the entry had set aside is free earlier.
GAP = "an entry's time was over while its pair had no candles"
# An exchange has one fee tier for an account.
FEES = "the pairs have fees of their own"
EXPLAINED = {
    "small_gap_expiry": (GAP, {"orders"}),
    "group_refused": (GAP, {"orders"}),
    "limits_off": (GAP, {"orders"}),
    "size_cut": (GAP, {"orders"}),
    "size_cut_below_minimum": (GAP, {"orders"}),
    "cash_binds": (GAP, {"orders", "fills"}),
    "max_positions_2": (GAP, {"orders", "fills"}),
    "registered_in_reverse": (GAP, {"orders", "fills"}),
    "per_pair_parameters": (FEES, {"orders", "fills"}),
    "small_cash": (FEES, {"orders", "fills"}),
}


def compare_live(runner, shared, path, command, kind):
    """Rehearses one golden run with one kind of key; returns its problems."""
    golden = json.loads(path.read_text())
    if "refused" in golden:
        return []
    pairs = golden["csv"] if isinstance(golden["csv"], list) else None
    arguments = []
    for pair in pairs or []:
        arguments += ["--sandbox", f"{pair['pair']}={shared / pair['file']}"]
        for key, value in pair["set"].items():
            arguments += ["--set", f"{pair['pair']}:{key}={value}"]
    if not pairs:
        arguments += ["--sandbox", str(shared / golden["csv"])]
    for key, value in golden["set"].items():
        arguments += ["--set", f"{key}={value}"]
    if kind != "es256":
        arguments += ["--key", kind]
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        database = os.path.join(folder, "run.db")
        done = subprocess.run(
            [runner, command, *arguments, "--db", database, "--speed", "lockstep"],
            capture_output=True, text=True, cwd="/")
        if done.returncode != 0:
            return [f"exit code {done.returncode}: {done.stderr.strip()[-300:]}"]
        names = [pair["pair"] for pair in pairs] if pairs else [None]
        ours, account = stored_texts(database, names)
        audit = subprocess.run(
            [runner, "audit", "--against-backtest", "--db", database],
            capture_output=True, text=True, cwd="/")
    problems = []
    may_differ = {name for _, names in reasons(path, command, kind) for name in names}
    # What may differ is explained; else the session is its own backtest, to the last unit.
    if audit.returncode != 0 or not may_differ and "\nthe same: " not in audit.stdout:
        told = (audit.stdout + audit.stderr).strip().split("\n")
        problems.append(f"the audit against the backtest: exit code {audit.returncode}: {' '.join(told[-4:])}")
    checks = [("", golden["md5"], {"fills": account} if pairs else ours[0])]
    if pairs:
        checks += [(f"{pair['pair']}: ", pair["md5"], texts) for pair, texts in zip(golden["pairs"], ours)]
    for who, wanted, texts in checks:
        for name, lines in texts.items():
            if name in wanted and name not in may_differ and lines_md5(lines) != wanted[name]:
                problems.append(f"{who}the {name} of the database do not give the golden md5")
    return problems


# The Exchange API tells of a least notional, and of no least quantity.
SIZE = "the Exchange API knows no least quantity"
EXPLAINED_EXCHANGE = {"min_size": (SIZE, {"orders"})}


def reasons(path, command, kind):
    """Why a rehearsal may differ, and in which texts."""
    found = []
    if path.parent.name == "portfolio" and path.stem in EXPLAINED:
        # Simulated markets have fees of their own for each pair.
        if not (command == "paper" and EXPLAINED[path.stem][0] == FEES):
            found.append(EXPLAINED[path.stem])
    if kind == "exchange" and path.parent.name == "cases" and path.stem in EXPLAINED_EXCHANGE:
        found.append(EXPLAINED_EXCHANGE[path.stem])
    return found


def live_jobs(files, is_quick):
    """Which runs are rehearsed and with which key: all short ones, and the plain run of each long file.

    The short ones go through both APIs.
    """
    long = ("binance_eth_usdt_5m_20240101_20240906", "bitfinex_btc_usd_5m_2018")
    chosen = [
        path for path in files
        if (path.parent.name in ("cases", "portfolio") or path.name == "default.json")
        and not (is_quick and path.parent.name in long)
    ]
    short = [path for path in chosen if path.parent.name in ("cases", "portfolio")]
    # The portfolios are the longer ones of them: one way each is enough for a quick look.
    ways = lambda path: ("live",) if is_quick and path.parent.name == "portfolio" else ("live", "paper")
    return (
        [(path, command, "es256") for path in chosen for command in ways(path)]
        + [(path, "live", "exchange") for path in short if len(ways(path)) > 1]
        + [(path, "live", "ed25519") for path in short[:1]]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runner", required=True, help="the program, built for release")
    parser.add_argument("--shared", required=True, type=pathlib.Path)
    parser.add_argument("--only", default="", help="only files whose path contains this text")
    parser.add_argument("--live", action="store_true", help="through an exchange and a database")
    parser.add_argument("--quick", action="store_true", help="of --live: without the two longest files, portfolios one way")
    options = parser.parse_args()
    files = sorted(
        path
        for path in options.shared.glob("golden/*/*.json")
        if options.only in str(path)
    )
    jobs = [(path, extra) for path in files for extra in ([], ["--every-point"])]
    if options.live:
        jobs = live_jobs(files, options.quick)
        # The long ones first: then both cores are busy to the end.
        jobs.sort(key=lambda job: job[0].parent.name in ("cases", "portfolio"))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        kinds = {True: compare_portfolio, False: compare}
        rehearse = lambda job: compare_live(os.path.abspath(options.runner), options.shared, *job)
        run = rehearse if options.live else lambda job: kinds[job[0].parent.name == "portfolio"](
            os.path.abspath(options.runner), options.shared, *job
        )
        for (path, *extra), problems in zip(jobs, pool.map(run, jobs)):
            if problems:
                failed += 1
                how = " ".join(extra if options.live else extra[0])
                print(f"{path.relative_to(options.shared)} {how}")
                for problem in problems[:10]:
                    print(f"  {problem}")
    if options.live:
        print(f"conformance: {len(jobs)} rehearsals of golden runs, by 'live' and by 'paper'")
        for path, command, kind in jobs:
            for reason, may_differ in reasons(path, command, kind) if command == "live" else []:
                names = " and ".join(sorted(may_differ))
                print(f"  {path.stem} ({kind}): {names} may differ: {reason}")
    else:
        print(f"conformance: {len(files)} golden runs, each with and without --every-point")
    print(f"{len(jobs) - failed} passed, {failed} failed")
    return 1 if failed or not jobs else 0


sys.exit(main())
