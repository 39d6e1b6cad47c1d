import Configuration
import Testing

@Suite("What is allowed and can hardly be meant")
struct WarningTests {
  private static let pairs = """
    pairs: [{product_id: A, correlation_group: g}, {product_id: B, correlation_group: g},
      {product_id: C}]

    """

  static let cases: [(String, [String])] = [
    ("", []),
    // What the example file recommends, with the default size.
    (
      """
      portfolio: {max_position_size_pct: 5, max_positions: 3, max_correlated_exposure_pct: 20,
        emergency_liquidation_loss_pct: -10}
      """, []
    ),
    (
      "portfolio:\n  max_positions: 4",
      ["a.yaml:5:18: max_positions of 4 limits nothing, there are 3 pairs"]
    ),
    (
      "portfolio:\n  position_size: 0.03\n  max_position_size_pct: 2.9",
      ["A", "B", "C"].map {
        "a.yaml:6:26: an entry of \($0) is a position_size of 0.03, more than max_position_size_pct of "
          + "2.9 percent: every entry is cut to that"
      }
    ),
    // With the fee inside the budget, an entry of 0.0504 is 4.995 percent of equity.
    ("portfolio:\n  position_size: 0.0504\n  max_position_size_pct: 5", []),
    (
      "portfolio:\n  max_correlated_exposure_pct: 8",
      [
        "a.yaml:5:32: group g can never hold two of its pairs (A, B): the two smallest are more than "
          + "max_correlated_exposure_pct of 8 percent"
      ]
    ),
    // Cut to 4 percent each, two of them fit.
    (
      "portfolio:\n  max_correlated_exposure_pct: 8\n  max_position_size_pct: 4\n  position_size: 0.04",
      []
    ),
    (
      "portfolio:\n  position_size: 0.4\n  max_positions: 2", []
    ),
    (
      "portfolio:\n  position_size: 0.5045\nsimulation:\n  taker_rate: 0.009",
      [
        "a.yaml:5:18: the pairs that may be held at once want 150 percent of equity together: the "
          + "cash ends before, and the last entries are smaller or skipped"
      ]
    ),
  ]

  @Test("It is said and the settings stand", arguments: cases)
  func warns(_ text: String, _ warnings: [String]) throws {
    #expect(try load(Self.pairs + "\n" + text).warnings.map(\.description) == warnings)
  }

  @Test("One entry may be more than its group may hold, of one product alone too")
  func refused() throws {
    let warnings = try load(sets: ["portfolio.max_correlated_exposure_pct=4"]).warnings
    #expect(
      warnings.map(\.description) == [
        "--set: one entry of BTC-USD is more than max_correlated_exposure_pct of 4 percent lets its "
          + "group hold: it is refused, unless cash or a limit cuts it first"
      ])
  }

  /// Limits, and whether a group of pairs of 5, 5 and 30 percent can hold no two of them.
  ///
  /// Cut to 4.5 percent two fit exactly.
  static let groupLimits: [(portfolio: String, isLone: Bool)] = [
    ("max_correlated_exposure_pct: 12", false),
    ("max_correlated_exposure_pct: 9", true),
    ("max_correlated_exposure_pct: 9, max_position_size_pct: 4.5", false),
    ("max_correlated_exposure_pct: 9, max_position_size_pct: 4.6", true),
  ]

  @Test(
    "A group's two smallest entries count, as the size limit leaves them", arguments: groupLimits)
  func groups(_ row: (portfolio: String, isLone: Bool)) throws {
    let text = """
      portfolio: {\(row.portfolio)}
      pairs:
        - {product_id: A, correlation_group: g, position_size: 0.3}
        - {product_id: B, correlation_group: g}
        - {product_id: C, correlation_group: g}
      """
    let isLone = try load(text).warnings.contains { $0.description.contains("can never hold two") }
    #expect(isLone == row.isLone)
  }
}
