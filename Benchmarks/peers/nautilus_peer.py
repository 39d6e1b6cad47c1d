"""NautilusTrader: an event-driven engine in Rust and Cython, the strategy in Python."""

from peer import Peer

peer = Peer()
from decimal import Decimal  # noqa: E402

import pandas as pd  # noqa: E402
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig  # noqa: E402
from nautilus_trader.config import LoggingConfig, RiskEngineConfig, StrategyConfig  # noqa: E402
from nautilus_trader.indicators import (  # noqa: E402
    ExponentialMovingAverage, MovingAverageConvergenceDivergence, MovingAverageType,
    RelativeStrengthIndex, VolumeWeightedAveragePrice)
from nautilus_trader.model.currencies import USDT  # noqa: E402
from nautilus_trader.model.data import BarType  # noqa: E402
from nautilus_trader.model.enums import (  # noqa: E402
    AccountType, OmsType, OrderSide, TimeInForce, TrailingOffsetType, TriggerType)
from nautilus_trader.model.identifiers import Venue  # noqa: E402
from nautilus_trader.model.objects import Money  # noqa: E402
from nautilus_trader.persistence.wranglers import BarDataWrangler  # noqa: E402
from nautilus_trader.test_kit.providers import TestInstrumentProvider  # noqa: E402
from nautilus_trader.trading.strategy import Strategy  # noqa: E402

peer.imported()

WINDOW, OVERSOLD = 12, 0.30
OFFSET, TIME_TO_LIVE, TRAIL = 0.0005, 3, 200  # The trail in hundredths of a per cent.
SHARE = 0.05
INSTRUMENT = TestInstrumentProvider.btcusdt_binance()
BARS = BarType.from_str(f"{INSTRUMENT.id}-5-MINUTE-LAST-EXTERNAL")


class Confluence(Strategy):
    def __init__(self):
        super().__init__(StrategyConfig(strategy_id="CONFLUENCE-1"))
        self.rsi = RelativeStrengthIndex(14, MovingAverageType.WILDER)
        self.macd = MovingAverageConvergenceDivergence(12, 26, MovingAverageType.EXPONENTIAL)
        self.vwap = VolumeWeightedAveragePrice()
        self.average = ExponentialMovingAverage(9)
        self.before = self.entry = None
        self.count = self.dip_until = self.cross_until = self.signals = self.trades = 0

    def on_start(self):
        for indicator in (self.rsi, self.macd, self.vwap):
            self.register_indicator_for_bars(BARS, indicator)
        self.subscribe_bars(BARS)

    def on_bar(self, bar):
        self.count += 1
        if not self.macd.initialized:
            return
        self.average.update_raw(self.macd.value)
        if not self.average.initialized:
            return
        close, rsi = float(bar.close), self.rsi.value
        histogram = self.macd.value - self.average.value
        before, self.before = self.before, (close, rsi, histogram)
        if rsi <= OVERSOLD:
            self.dip_until = self.count + WINDOW
        if before is None:
            return
        if before[2] <= 0 < histogram:
            self.cross_until = self.count + WINDOW
        if not (
            self.count < self.dip_until and self.count < self.cross_until and rsi > before[1]
            and close > before[0] and histogram > 0 and close <= self.vwap.value
        ):
            return
        self.signals += 1
        if not self.portfolio.is_flat(INSTRUMENT.id) or self.cache.orders_open_count():
            return
        price = close * (1 - OFFSET)
        cash = float(self.portfolio.account(INSTRUMENT.venue).balance_total(USDT))
        self.entry = self.order_factory.limit(
            instrument_id=INSTRUMENT.id, order_side=OrderSide.BUY,
            quantity=INSTRUMENT.make_qty(cash * SHARE / price), price=INSTRUMENT.make_price(price),
            time_in_force=TimeInForce.GTD,
            expire_time=self.clock.utc_now() + pd.Timedelta(minutes=5 * TIME_TO_LIVE))
        self.submit_order(self.entry)

    def on_order_filled(self, event):
        if event.order_side != OrderSide.BUY or not self.entry.is_closed:
            return
        self.submit_order(self.order_factory.trailing_stop_market(
            instrument_id=INSTRUMENT.id, order_side=OrderSide.SELL,
            quantity=self.entry.filled_qty, trailing_offset=Decimal(TRAIL),
            trailing_offset_type=TrailingOffsetType.BASIS_POINTS,
            trigger_type=TriggerType.LAST_PRICE, reduce_only=True))

    def on_position_closed(self, _):
        self.trades += 1


def load(path):
    frame = pd.read_csv(path)
    # Bars carry the time of their end.
    frame.index = pd.to_datetime(frame.pop("timestamp") + 300, unit="s", utc=True)
    return BarDataWrangler(BARS, INSTRUMENT).process(frame)


def compute(bars):
    engine = BacktestEngine(BacktestEngineConfig(
        logging=LoggingConfig(bypass_logging=True), risk_engine=RiskEngineConfig(bypass=True)))
    engine.add_venue(
        Venue("BINANCE"), OmsType.NETTING, AccountType.CASH, [Money(10_000, USDT)],
        trade_execution=True)
    engine.add_instrument(INSTRUMENT)
    engine.add_data(bars)
    strategy = Confluence()
    engine.add_strategy(strategy)
    engine.run()
    account = engine.trader.generate_account_report(Venue("BINANCE"))
    cash = float(account[account.currency == "USDT"].total.iloc[-1])
    found = {"signals": strategy.signals, "trades": strategy.trades, "cash": cash}
    engine.dispose()
    return found


peer.run(load, compute)
