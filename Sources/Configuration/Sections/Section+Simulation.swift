import Market
import Strategy

extension Section {
  /// The simulated market and account; SEMANTICS 2.1, 2.2, 6.
  public static let simulation = Section(
    "simulation", help: "the market and the account of a backtest or a paper run",
    parameters: [
      Parameter(
        "interval", .integer(Bounds(3...604_800)), default: "300",
        help: "seconds in a candle, divisible by 3 and dividing the day evenly"),
      Parameter(
        "cash", .money(Bounds(.excluded(0), .included(1_000_000_000_000))), default: "10000",
        help: "what the account begins with, in the quote currency"),
      Parameter(
        "path", .choice(["nearest", "high-first", "low-first"]), default: "nearest",
        help: "which extreme of a candle comes first: the one nearer to the open, high or low"),
      Parameter(
        "fill_on_touch", .flag, default: "false",
        help: "whether a price equal to a resting limit fills it, as if nobody were ahead"),
      Parameter(
        "slippage", .rate(Bounds(.included(0), .excluded(1))), default: "0.0001",
        help: "how much worse than the market a taker fills, as a fraction of the price"),
      Parameter(
        "maker_rate", .rate(Bounds(.included(0), .excluded(1))), default: "0.005",
        help: "the fee of an order that waited in the book, as a fraction of price x quantity"),
      Parameter(
        "taker_rate", .rate(Bounds(.included(0), .excluded(1))), default: "0.009",
        help: "the fee of an order that took, as a fraction of price x quantity"),
      Parameter(
        "participation", .rate(Bounds(0...1)), default: "0.1",
        help: "the share of a candle's volume that may be ours, as a fraction"),
      Parameter(
        "on_bad_row", .choice(["refuse", "skip"]), default: "refuse",
        help: "what to do with a row that is no valid candle: refuse the file, or skip and count"),
    ])
}
