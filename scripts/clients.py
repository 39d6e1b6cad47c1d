#!/usr/bin/env python3
"""Clients that we did not write trade on `runner sandbox`, over TLS and with keys of their own.

Coinbase's library (REST and WebSockets, both kinds of keys) and ccxt (coinbase and coinbaseexchange)
look at products and candles, place orders, read them back, place stops, cancel, and read their fills and
the channels. What they say is compared with the candles that the sandbox plays.

scripts/clients sets everything up and runs this.
"""

import asyncio
import base64
import csv
import decimal
import json
import logging
import os
import pathlib
import queue
import subprocess
import tempfile
import time
import unittest
import uuid

CANDLES = "Data/sample-btc-usd-5m.csv"
# What is before this is history; a candle of five minutes then takes five seconds.
BEGIN = 1704369600  # 2024-01-04 12:00 UTC
SPEED = "60"
PATIENCE = 40

D = decimal.Decimal


class Sandbox:
    """The exchange, in a process of its own; `folder` has what clients need."""

    def __init__(self):
        self.root = tempfile.TemporaryDirectory(prefix="ratchet-clients-")
        self.folder = pathlib.Path(self.root.name) / "keys"
        runner = os.environ.get("RATCHET_RUNNER", ".build-whole/debug/runner")
        self.process = subprocess.Popen(
            [
                runner, "sandbox", "--csv", f"BTC-USD={CANDLES}", "--csv", f"ETH-USD={CANDLES}",
                "--timerange", "20240104T1200-", "--speed", SPEED, "--credentials", str(self.folder),
                "--set", "sandbox.balances=5 BTC, 10 ETH", "--set", "simulation.cash=1000000",
            ],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("ready https://"):
            self.close()
            raise SystemExit(f"clients: the sandbox did not say that it is ready, but {line!r}")
        self.urls = json.loads((self.folder / "urls.json").read_text())
        self.authority = self.urls["advanced"]["rest"].removeprefix("https://")
        self.ca = str(self.folder / "ca.pem")

    def key(self, name):
        return json.loads((self.folder / f"{name}.json").read_text())

    def close(self):
        self.process.terminate()
        try:
            code = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process.stdout.close()
        self.root.cleanup()
        return code


SANDBOX = None


def setUpModule():
    global SANDBOX
    SANDBOX = Sandbox()
    # What `requests` trusts, in both libraries.
    os.environ["REQUESTS_CA_BUNDLE"] = SANDBOX.ca


def tearDownModule():
    code = SANDBOX.close()
    assert code == 0, f"the sandbox ended with {code}"


def rows():
    """The candles that the sandbox plays, by their starts."""
    with open(CANDLES, newline="") as file:
        return {int(row["timestamp"]): row for row in csv.DictReader(file)}


def until(question, what):
    """The first answer that is not false."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.2)
    raise AssertionError(f"in {PATIENCE} s there was no {what}")


def text(price):
    """A price on the grid of a cent."""
    return str(D(price).quantize(D("0.01")))


class AdvancedTests:
    """Coinbase's library, with one kind of key."""

    key_file = None

    def setUp(self):
        from coinbase.rest import RESTClient

        self.path = str(SANDBOX.folder / f"{self.key_file}.json")
        self.client = RESTClient(key_file=self.path, base_url=SANDBOX.authority, timeout=30)
        self.addCleanup(self.client.session.close)

    def price(self):
        return D(self.client.get_product("BTC-USD")["price"])

    def order(self, order_id):
        return self.client.get_order(order_id)["order"].to_dict()

    def balance(self, currency):
        for account in self.client.get_accounts()["accounts"]:
            account = account.to_dict()
            if account["currency"] == currency:
                return D(account["available_balance"]["value"]), D(account["hold"]["value"])
        raise AssertionError(f"no account of {currency}")

    def placed(self, answer):
        answer = answer.to_dict()
        self.assertTrue(answer["success"], answer)
        return answer["success_response"]["order_id"]

    def test_products(self):
        products = {p["product_id"]: p for p in self.client.get_products()["products"]}
        self.assertEqual(set(products), {"BTC-USD", "ETH-USD"})
        product = self.client.get_product("BTC-USD").to_dict()
        self.assertEqual(product["price_increment"], "0.01")
        self.assertEqual(product["base_increment"], "0.00000001")
        self.assertEqual(product["quote_currency_id"], "USD")
        self.assertFalse(product["trading_disabled"])
        self.assertGreater(D(product["price"]), 0)
        book = self.client.get_product_book("BTC-USD", limit=1)["pricebook"]
        self.assertLess(D(book["bids"][0]["price"]), D(book["asks"][0]["price"]))
        self.assertEqual(self.client.get_public_product("ETH-USD")["product_id"], "ETH-USD")

    def test_candles(self):
        first = BEGIN - 300 * 300
        answer = self.client.get_candles(
            "BTC-USD", start=str(first), end=str(BEGIN - 300), granularity="FIVE_MINUTE")
        candles = answer["candles"]
        expected = {start: row for start, row in rows().items() if first <= start < BEGIN}
        self.assertEqual([int(c["start"]) for c in candles], sorted(expected, reverse=True))
        for candle in candles:
            row = expected[int(candle["start"])]
            for name in ["open", "high", "low", "close", "volume"]:
                self.assertEqual(D(candle[name]), D(row[name]), (row, name))
        trades = until(
            lambda: self.client.get_market_trades("BTC-USD", limit=5)["trades"], "trade")
        self.assertEqual(trades[0]["product_id"], "BTC-USD")

    def test_account(self):
        permissions = self.client.get_api_key_permissions()
        self.assertTrue(permissions["can_view"] and permissions["can_trade"])
        self.assertFalse(permissions["can_transfer"])
        tier = self.client.get_transaction_summary(product_type="SPOT")["fee_tier"]
        self.assertEqual(D(tier["taker_fee_rate"]), D("0.009"))
        self.assertEqual(D(tier["maker_fee_rate"]), D("0.005"))
        times = self.client.get_unix_time().to_dict()
        self.assertLess(abs(int(times["epoch_seconds"]) - time.time()), 10)

    def test_order(self):
        limit, name = text(self.price() * D("0.5")), str(uuid.uuid4())
        order_id = self.placed(self.client.limit_order_gtc_buy(name, "BTC-USD", "0.01", limit))
        order = self.order(order_id)
        self.assertEqual((order["status"], order["client_order_id"]), ("OPEN", name))
        configuration = order["order_configuration"]["limit_limit_gtc"]
        self.assertEqual(D(configuration["limit_price"]), D(limit))
        # A buy holds the fee as well.
        hold = D("0.01") * D(limit) * D("1.009")
        self.assertEqual(D(order["outstanding_hold_amount"]), hold)
        found = self.client.list_orders(order_status=["OPEN"], product_ids=["BTC-USD"])["orders"]
        self.assertIn(order_id, [o["order_id"] for o in found])
        # The same name again is the same order.
        again = self.placed(self.client.limit_order_gtc_buy(name, "BTC-USD", "0.02", limit))
        self.assertEqual(again, order_id)
        preview = self.client.preview_limit_order_gtc_buy("BTC-USD", "0.01", limit)
        self.assertEqual(preview["errs"], [])
        result = self.client.cancel_orders([order_id])["results"][0]
        self.assertTrue(result["success"])
        self.assertEqual(self.order(order_id)["status"], "CANCELLED")
        second = self.client.cancel_orders([order_id])["results"][0]
        self.assertFalse(second["success"])

    def test_fills(self):
        limit = text(self.price() * D("1.01"))
        order_id = self.placed(
            self.client.limit_order_gtc_buy(str(uuid.uuid4()), "BTC-USD", "0.02", limit))
        order = until(
            lambda: (o := self.order(order_id))["status"] == "FILLED" and o, "filled order")
        fills = self.client.get_fills(order_ids=[order_id])["fills"]
        self.assertEqual(sum(D(f["size"]) for f in fills), D("0.02"))
        value = sum(D(f["size"]) * D(f["price"]) for f in fills)
        self.assertEqual(D(order["filled_value"]), value)
        self.assertEqual(D(order["total_fees"]), sum(D(f["commission"]) for f in fills))
        taken = [f for f in fills if f["liquidity_indicator"] == "TAKER"]
        for fill in taken:
            self.assertEqual(
                D(fill["commission"]), D(fill["size"]) * D(fill["price"]) * D("0.009"))
        self.assertTrue(taken)
        # Sold again, so that the next test finds what this one found.
        self.placed(
            self.client.limit_order_gtc_sell(
                str(uuid.uuid4()), "BTC-USD", "0.02", text(self.price() * D("0.99"))))

    def test_stop(self):
        price = self.price()
        stop, limit = text(price * D("0.5")), text(price * D("0.49"))
        down = "STOP_DIRECTION_STOP_DOWN"
        available, held = self.balance("ETH")
        order_id = self.placed(
            self.client.stop_limit_order_gtc_sell(
                str(uuid.uuid4()), "ETH-USD", "1", limit, stop, down))
        order = self.order(order_id)
        self.assertEqual((order["status"], order["trigger_status"]), ("OPEN", "STOP_PENDING"))
        self.assertEqual(self.balance("ETH"), (available - 1, held + 1))
        # What a stop holds cannot be sold twice.
        refused = self.client.limit_order_gtc_sell(
            str(uuid.uuid4()), "ETH-USD", str(available), text(price * 2)).to_dict()
        self.assertFalse(refused["success"])
        self.assertEqual(refused["error_response"]["error"], "INSUFFICIENT_FUND")
        above = self.client.stop_limit_order_gtc_sell(
            str(uuid.uuid4()), "ETH-USD", "1", text(price), text(price * 2), down).to_dict()
        self.assertEqual(
            above["error_response"]["preview_failure_reason"],
            "PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE")
        self.assertTrue(self.client.cancel_orders([order_id])["results"][0]["success"])
        until(lambda: self.balance("ETH") == (available, held), "released balance")

    def test_wrong_key(self):
        import requests
        from coinbase.rest import RESTClient

        name = SANDBOX.key(self.key_file)["name"]
        seed = base64.b64encode(os.urandom(32)).decode()
        client = RESTClient(api_key=name, api_secret=seed, base_url=SANDBOX.authority)
        self.addCleanup(client.session.close)
        with self.assertRaises(requests.exceptions.HTTPError) as caught:
            client.get_accounts()
        self.assertEqual(caught.exception.response.status_code, 401)
        self.assertEqual(caught.exception.response.text, "Unauthorized\n")

    def test_channels(self):
        from coinbase.websocket import WSClient

        messages = queue.Queue()
        client = WSClient(
            key_file=self.path, base_url=SANDBOX.urls["advanced"]["websocket"],
            on_message=lambda text: messages.put(json.loads(text)), retry=False)
        client.open()
        try:
            client.heartbeats()
            client.ticker(product_ids=["BTC-USD"])
            client.candles(product_ids=["BTC-USD"])
            client.market_trades(product_ids=["BTC-USD"])
            seen = self.read(messages, ["heartbeats", "ticker", "candles", "market_trades"])
        finally:
            client.close()
        numbers = [m["sequence_num"] for m in seen["all"]]
        self.assertEqual(numbers, list(range(len(numbers))))
        ticker = seen["ticker"]["events"][0]["tickers"][0]
        self.assertEqual((ticker["type"], ticker["product_id"]), ("ticker", "BTC-USD"))
        self.assertLess(D(ticker["best_bid"]), D(ticker["best_ask"]))
        candle = seen["candles"]["events"][0]["candles"][0]
        self.assertEqual(int(candle["start"]) % 300, 0)
        trade = seen["market_trades"]["events"][0]["trades"][0]
        self.assertIn(trade["side"], ["BUY", "SELL"])
        self.assertIn("heartbeat_counter", seen["heartbeats"]["events"][0])

    def read(self, messages, channels):
        """Messages until each channel has been heard of; the last of each, and all in order."""
        seen = {"all": []}
        end = time.monotonic() + PATIENCE
        while not all(channel in seen for channel in channels):
            try:
                message = messages.get(timeout=max(0.1, end - time.monotonic()))
            except queue.Empty:
                missing = [channel for channel in channels if channel not in seen]
                raise AssertionError(f"nothing was heard of {missing}") from None
            seen["all"].append(message)
            self.assertNotEqual(message.get("type"), "error", message)
            # A snapshot may be empty.
            if any(any(event.values()) for event in message["events"]):
                seen[message["channel"]] = message
        return seen

    def test_user_channel(self):
        from coinbase.websocket import WSUserClient

        messages = queue.Queue()
        client = WSUserClient(
            key_file=self.path, base_url=SANDBOX.urls["advanced"]["websocket"],
            on_message=lambda text: messages.put(json.loads(text)), retry=False)
        client.open()
        try:
            client.heartbeats()
            client.user(product_ids=["BTC-USD"])
            until(lambda: self.has_snapshot(messages), "snapshot")
            name = str(uuid.uuid4())
            order_id = self.placed(
                self.client.limit_order_gtc_buy(
                    name, "BTC-USD", "0.01", text(self.price() * D("0.5"))))
            first = self.user_order(messages, order_id)
            self.assertEqual((first["status"], first["client_order_id"]), ("OPEN", name))
            self.assertEqual(D(first["leaves_quantity"]), D("0.01"))
            self.client.cancel_orders([order_id])
            last = self.user_order(messages, order_id)
            self.assertEqual((last["status"], D(last["cumulative_quantity"])), ("CANCELLED", 0))
        finally:
            client.close()

    @staticmethod
    def has_snapshot(messages):
        while not messages.empty():
            message = messages.get()
            if message["channel"] == "user":
                return message["events"][0]["type"] == "snapshot"
        return False

    @staticmethod
    def user_order(messages, order_id):
        while True:
            message = messages.get(timeout=PATIENCE)
            for event in message["events"] if message["channel"] == "user" else []:
                for order in event["orders"]:
                    if order["order_id"] == order_id:
                        return order


class AdvancedES256(AdvancedTests, unittest.TestCase):
    key_file = "advanced-es256"


class AdvancedEd25519(AdvancedTests, unittest.TestCase):
    key_file = "advanced-ed25519"


class CcxtTests:
    """ccxt, whose unified calls are the same on both exchanges."""

    def make(self):
        raise NotImplementedError

    def stop_parameters(self, stop):
        raise NotImplementedError

    def free(self, currency):
        return self.client.fetch_balance()[currency]["free"]

    def setUp(self):
        self.client = self.make()
        self.client.requests_trust_env = True
        self.client.session.trust_env = True
        self.addCleanup(self.client.session.close)
        self.client.load_markets()

    def test_products(self):
        self.assertEqual(set(self.client.symbols), {"BTC/USD", "ETH/USD"})
        market = self.client.market("BTC/USD")
        self.assertTrue(market["active"] is not False and market["spot"])
        self.assertEqual(D(str(market["precision"]["price"])), D("0.01"))
        self.assertEqual(D(str(market["precision"]["amount"])), D("1e-8"))
        self.assertGreater(self.client.fetch_ticker("BTC/USD")["last"], 0)

    def test_candles(self):
        first = BEGIN - 100 * 300
        candles = self.client.fetch_ohlcv(
            "BTC/USD", "5m", since=first * 1000, limit=100, params={"until": (BEGIN - 1) * 1000})
        expected = rows()
        starts = [start for start in sorted(expected) if first <= start < BEGIN]
        self.assertEqual([c[0] // 1000 for c in candles], starts)
        for start, *values in candles:
            row = expected[start // 1000]
            names = ["open", "high", "low", "close", "volume"]
            self.assertEqual(values, [float(row[name]) for name in names])

    def test_balance(self):
        balance = self.client.fetch_balance()
        self.assertGreaterEqual(balance["BTC"]["total"], 4)
        self.assertGreater(balance["USD"]["free"], 0)

    def test_order(self):
        price = round(self.client.fetch_ticker("BTC/USD")["last"] * 0.5, 2)
        order = self.client.create_order("BTC/USD", "limit", "buy", 0.01, price)
        read = self.client.fetch_order(order["id"], "BTC/USD")
        self.assertEqual((read["status"], read["side"], read["price"]), ("open", "buy", price))
        self.assertEqual((read["amount"], read["filled"]), (0.01, 0))
        found = [o["id"] for o in self.client.fetch_open_orders("BTC/USD")]
        self.assertIn(order["id"], found)
        self.client.cancel_order(order["id"], "BTC/USD")
        found = [o["id"] for o in self.client.fetch_open_orders("BTC/USD")]
        self.assertNotIn(order["id"], found)

    def test_fills(self):
        last = self.client.fetch_ticker("BTC/USD")["last"]
        order = self.client.create_order("BTC/USD", "limit", "buy", 0.02, round(last * 1.01, 2))
        read = until(
            lambda: (o := self.client.fetch_order(order["id"], "BTC/USD"))["status"] == "closed"
            and o, "filled order")
        self.assertEqual(read["filled"], 0.02)
        trades = [
            trade for trade in self.client.fetch_my_trades("BTC/USD", limit=50)
            if trade["order"] == order["id"]
        ]
        self.assertAlmostEqual(sum(trade["amount"] for trade in trades), 0.02, 12)
        for trade in trades:
            rate = 0.009 if trade["takerOrMaker"] == "taker" else 0.005
            self.assertAlmostEqual(trade["fee"]["cost"], trade["cost"] * rate, 8)
        self.client.create_order("BTC/USD", "limit", "sell", 0.02, round(last * 0.99, 2))

    def test_stop(self):
        last = self.client.fetch_ticker("ETH/USD")["last"]
        free = self.free("ETH")
        order = self.client.create_order(
            "ETH/USD", "limit", "sell", 1, round(last * 0.49, 2),
            self.stop_parameters(round(last * 0.5, 2)))
        read = self.client.fetch_order(order["id"], "ETH/USD")
        self.assertEqual(read["side"], "sell")
        self.assertEqual(read["triggerPrice"], round(last * 0.5, 2))
        self.assertEqual(self.free("ETH"), free - 1)
        self.client.cancel_order(order["id"], "ETH/USD")
        until(lambda: self.free("ETH") == free, "released balance")

    def test_refusals(self):
        import ccxt

        last = self.client.fetch_ticker("BTC/USD")["last"]
        with self.assertRaises(ccxt.InsufficientFunds):
            self.client.create_order("BTC/USD", "limit", "sell", 1000, round(last * 2, 2))
        self.client.apiKey = "nobody"
        with self.assertRaises(ccxt.AuthenticationError):
            self.client.fetch_balance()


class CcxtAdvanced(CcxtTests):
    key_file = None

    def make(self):
        import ccxt

        key = SANDBOX.key(self.key_file)
        client = ccxt.coinbase({"apiKey": key["name"], "secret": key["privateKey"]})
        client.urls["api"]["rest"] = SANDBOX.urls["advanced"]["rest"]
        return client

    def free(self, currency):
        # Without being told so, ccxt asks an older API, where what is held does not show.
        return self.client.fetch_balance({"v3": True})[currency]["free"]

    def stop_parameters(self, stop):
        return {"stopLossPrice": stop}


class CcxtCoinbaseES256(CcxtAdvanced, unittest.TestCase):
    key_file = "advanced-es256"


class CcxtCoinbaseEd25519(CcxtAdvanced, unittest.TestCase):
    key_file = "advanced-ed25519"


class CcxtExchange(CcxtTests, unittest.TestCase):
    def make(self):
        import ccxt

        key = SANDBOX.key("exchange")
        client = ccxt.coinbaseexchange(
            {"apiKey": key["key"], "secret": key["secret"], "password": key["passphrase"]})
        for side in ["public", "private"]:
            client.urls["api"][side] = SANDBOX.urls["exchange"]["rest"]
        return client

    def stop_parameters(self, stop):
        return {"stop": "loss", "stop_price": str(stop)}


class CcxtExchangeFeed(unittest.IsolatedAsyncioTestCase):
    """ccxt's WebSocket client, on the Exchange's feed."""

    async def asyncSetUp(self):
        import ccxt.pro

        key = SANDBOX.key("exchange")
        self.client = ccxt.pro.coinbaseexchange({
            "apiKey": key["key"], "secret": key["secret"], "password": key["passphrase"],
            "cafile": SANDBOX.ca,
        })
        for side in ["public", "private"]:
            self.client.urls["api"][side] = SANDBOX.urls["exchange"]["rest"]
        self.client.urls["api"]["ws"] = SANDBOX.urls["exchange"]["websocket"]
        self.addAsyncCleanup(self.client.close)
        await self.client.load_markets()

    async def test_channels(self):
        async with asyncio.timeout(PATIENCE):
            ticker = await self.client.watch_ticker("BTC/USD")
            trades = await self.client.watch_trades("BTC/USD")
        self.assertLess(ticker["bid"], ticker["ask"])
        self.assertGreater(trades[0]["price"], 0)

    async def test_own_orders(self):
        async with asyncio.timeout(PATIENCE):
            last = (await self.client.fetch_ticker("BTC/USD"))["last"]
            watch = asyncio.create_task(self.client.watch_my_trades("BTC/USD"))
            placed = []
            # The first may come before the subscription: then nothing is heard of it.
            while not watch.done():
                order = await self.client.create_order(
                    "BTC/USD", "limit", "buy", 0.02, round(last * 1.01, 2))
                placed.append(order["id"])
                await asyncio.wait([watch], timeout=6)
            trades = await watch
        self.assertIn(trades[0]["order"], placed)
        self.assertGreater(trades[0]["amount"], 0)


class RateLimits(unittest.TestCase):
    """Too many requests are refused, in the shape of each API; on an exchange of its own."""

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox()
        cls.addClassCleanup(cls.sandbox.close)

    def flood(self, path):
        import requests

        with requests.Session() as session:
            for _ in range(100):
                answer = session.get(
                    self.sandbox.urls["advanced"]["rest"] + path, verify=self.sandbox.ca)
                if answer.status_code != 200:
                    return answer
        raise AssertionError("100 requests at once were let in")

    def test_advanced(self):
        answer = self.flood("/api/v3/brokerage/market/products")
        self.assertEqual(answer.status_code, 429)
        self.assertEqual(answer.json()["errors"][0]["id"], "rate_limit_exceeded")

    def test_exchange(self):
        answer = self.flood("/products")
        self.assertEqual(answer.status_code, 429)
        self.assertEqual(answer.json(), {"message": "Public rate limit exceeded"})


if __name__ == "__main__":
    # What is wrong shows in the tests' results; the libraries log what is meant to go wrong, too.
    logging.disable(logging.CRITICAL)
    unittest.main(verbosity=2, warnings="ignore")
