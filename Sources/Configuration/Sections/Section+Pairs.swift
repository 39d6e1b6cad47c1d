import Strategy

extension Section {
  /// What a pair has that no section has: `pairs` is a list, each item a pair with its own values.
  static let pairs = Section(
    "pairs",
    help: "the pairs of the account in their order, each with what differs from the sections above",
    parameters: [
      Parameter(
        "correlation_group", .text, default: "off",
        help: "pairs that move together share a group and its limit; off: a group of its own")
    ])

  /// The key that names a pair in the list.
  static let pairName = "product_id"

  /// Whether a key can have another value for one pair than for the others.
  ///
  /// What belongs to the account, to the grid of candles or to the choice of strategy cannot.
  static func variesByPair(section: String, key: String) -> Bool {
    switch section {
    case "product": key != "id"
    case "strategy": key != "name"
    case "exit", pairs.name: true
    case "simulation": key != "interval" && key != "cash"
    case "portfolio": key == "position_size"
    default: false
    }
  }
}
