"""Compares what freqtrade reads from an export with Ratchet's own result of the same run."""

import json
import math
import subprocess
import sys
from pathlib import Path

from freqtrade.data.btanalysis import (
    analyze_trade_parallelism,
    get_backtest_resultlist,
    load_backtest_data,
    load_backtest_stats,
)
from freqtrade.data.metrics import calculate_max_drawdown

folder = Path(sys.argv[1])
results = folder / "user_data" / "backtest_results"
ours = json.loads((folder / "ours.json").read_text())
failures = 0


def check(what, left, right):
    """Complains about two figures that are not the same."""
    global failures
    same = math.isclose(left, right, rel_tol=1e-9) if isinstance(left, float) else left == right
    if not same:
        failures += 1
    print(f"{'ok  ' if same else 'FAIL'}  {what}: {left} {'=' if same else 'is not'} {right}")


trades = load_backtest_data(results)
check("trades", len(trades), len(ours["trades"]))
realised = [float(trade["realised"]) for trade in ours["trades"]]
check("profit", float(trades["profit_abs"].sum()), math.fsum(realised))
check("first entry", int(trades["open_date"].iloc[0].timestamp()), ours["trades"][0]["entry_time"])
check("fees", float((trades["fee_open"] * trades["stake_amount"]
                     + trades["fee_close"] * trades["close_rate"] * trades["amount"]).sum()),
      math.fsum(float(trade["fees"]) for trade in ours["trades"]))

open_trades = analyze_trade_parallelism(trades, "5m")
check("trades at once, at most", int(open_trades["open_trades"].max()), 1)

drawdown = calculate_max_drawdown(trades, value_col="profit_abs", starting_balance=10_000.0)
print(f"      freqtrade's drawdown, from closed trades: {drawdown.relative_account_drawdown:.4%}")

stats = load_backtest_stats(results)["strategy"]["confluence"]
check("sharpe", stats["sharpe"], ours["metrics"]["sharpe"])
check("final balance", stats["final_balance"], float(ours["final_equity"]))
check("drawdown", -stats["max_drawdown_account"], ours["metrics"]["max_drawdown"])
check("runs in the folder", [run["strategy"] for run in get_backtest_resultlist(results)],
      ["confluence"])

config = folder / "config.json"
config.write_text(json.dumps({
    "stake_currency": "USD", "stake_amount": "unlimited", "dry_run": True, "timeframe": "5m",
    "exchange": {"name": "coinbase", "key": "", "secret": "", "pair_whitelist": ["BTC/USD"]},
    "pairlists": [{"method": "StaticPairList"}],
}))
show = subprocess.run(
    [str(Path(sys.executable).parent / "freqtrade"), "backtesting-show", "--config", str(config),
     "--user-data-dir", str(folder / "user_data"), "--breakdown", "week"],
    capture_output=True, text=True, check=False)
check("freqtrade backtesting-show", show.returncode, 0)
print(show.stdout if show.returncode == 0 else show.stdout + show.stderr)
sys.exit(1 if failures else 0)
