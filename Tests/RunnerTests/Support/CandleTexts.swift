/// Files of candles, as a test writes them.
enum CandleTexts {
  static let header = "timestamp,open,high,low,close,volume\n"

  /// Five candles of five minutes.
  static let short =
    header + (0..<5).map { "\(1_704_067_200 + 300 * $0),10,12,9,11,5\n" }.joined()

  /// Five candles an hour apart.
  static let hourly =
    header + (0..<5).map { "\(1_704_067_200 + 3600 * $0),10,12,9,11,5\n" }.joined()

  /// One good row, two whose low is above the open, and another good one.
  static let twoBadRows =
    header + """
      1704067200,10,12,9,11,5
      1704067500,10,12,11,11,5
      1704067800,10,12,11,11,5
      1704068100,10,12,9,11,5

      """

  /// A purchase for 1e12 at about 11, and then a price of 9e10.
  static let overflowing =
    header + """
      1704067200,10,10,10,10,1000000000000
      1704067500,10,10,10,10,1000000000000
      1704067800,11,11,11,11,1000000000000
      1704068100,10,10,10,10,1000000000000
      1704068400,90000000000,90000000000,90000000000,90000000000,1

      """

  /// What makes a run buy in `overflowing`.
  static let overflowArguments = [
    "--cash", "1000000000000", "--set", "portfolio.position_size=1", "--set",
    "simulation.participation=1", "--strategy", "sma_cross", "--set", "strategy.fast=1", "--set",
    "strategy.slow=2", "--set", "exit.atr_period=1",
  ]
}
