"""RaptorBT by a strategy class: limit entries that expire, called back once a candle."""

from peer import Peer

peer = Peer()
import raptorbt  # noqa: E402
from raptorbt.strategy.orders import Limit  # noqa: E402
import confluence  # noqa: E402

peer.imported()


class Confluence(raptorbt.Strategy):
    def on_start(self, ctx):
        rsi = raptorbt.rsi(ctx.close, 14)
        _, _, histogram = raptorbt.macd(ctx.close, 12, 26, 9)
        vwap = confluence.daily_vwap(
            ctx.timestamps // 1_000_000_000, ctx.high, ctx.low, ctx.close, ctx.volume)
        self.signals = confluence.signal(ctx.close, rsi, histogram, vwap)
        self.working_until = 0

    def on_bar(self, ctx):
        if not self.signals[ctx.idx] or ctx.idx < self.working_until or ctx.position is not None:
            return
        price = float(ctx.close[ctx.idx]) * (1 - confluence.OFFSET)
        self.submit_order(Limit(
            side="buy", price=price, size_frac=confluence.SHARE, tif="gtd",
            expire_ns=ctx.timestamp + confluence.TIME_TO_LIVE * 300_000_000_000))
        self.working_until = ctx.idx + confluence.TIME_TO_LIVE

    def on_position_closed(self, ctx, event):
        self.working_until = 0


def compute(data):
    start, *columns = data
    config = raptorbt.BacktestConfig(
        initial_capital=confluence.CASH, fees=confluence.TAKER, slippage=confluence.SLIPPAGE)
    config.set_trailing_stop(confluence.TRAIL)
    strategy = Confluence()
    result = raptorbt.run_strategy_backtest(
        strategy, start * 1_000_000_000, *columns, config=config)
    return {
        "signals": int(strategy.signals.sum()),
        "trades": result.metrics.total_closed_trades,
        "equity": result.metrics.end_value,
    }


peer.run(confluence.load, compute)
