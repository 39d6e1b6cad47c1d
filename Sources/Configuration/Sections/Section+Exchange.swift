import Strategy

extension Section {
  /// Who we are at the exchange and how often we ask it; it decides nothing about a run.
  public static let exchange = Section(
    "exchange",
    help:
      "who you are at the exchange, and how often it may be asked",
    parameters: [
      Parameter(
        "key_file", .path, default: "off",
        help:
          "the key file of Coinbase's developer portal, for you alone; CB_API_KEY in the environment wins"
      ),
      perMinute("private", "requests that need the key", off: ("150", "900")),
      burst("private", "requests that need the key", off: ("10", "30")),
      perMinute("public", "requests that need none", off: ("300", "600")),
      burst("public", "requests that need none", off: ("10", "15")),
      perMinute("fills", "requests for fills", off: ("part of private", "600")),
      burst("fills", "requests for fills", off: ("part of private", "20")),
      Parameter(
        "max_wait", .integer(Bounds(1...600)), default: "10",
        help: "the seconds that a request may wait for its turn before it is given up"),
    ])

  /// What counts where the user says nothing: LiveBroker's own policy, whose tests hold it to these words.
  private typealias Standard = (advancedTrade: String, exchange: String)

  private static func perMinute(
    _ group: String, _ what: String, off standard: Standard
  ) -> Parameter {
    Parameter(
      "\(group)_per_minute", .count(Bounds(1...100_000)), default: "off",
      help: "\(what), a minute; \(words(standard))")
  }

  private static func burst(
    _ group: String, _ what: String, off standard: Standard
  ) -> Parameter {
    Parameter(
      "\(group)_burst", .count(Bounds(1...1000)), default: "off",
      help: "\(what), at once; \(words(standard))")
  }

  private static func words(_ standard: Standard) -> String {
    "off: \(standard.advancedTrade) on Advanced Trade, \(standard.exchange) on the Exchange API"
  }
}

/// Who we are at the exchange, and how often we ask it.
public struct ExchangeSettings: Hashable, Sendable {
  /// What the user wants in place of the exchange's limits, as far as he says.
  public struct Limit: Hashable, Sendable {
    /// Requests a minute.
    public let perMinute: Int?
    /// Requests at once.
    public let burst: Int?
  }

  /// The key file, if one is named.
  public let keyFile: String?
  /// Of requests that need the key.
  public let privateLimit: Limit
  /// Of requests that need none.
  public let publicLimit: Limit
  /// Of requests for fills.
  public let fillsLimit: Limit
  /// Seconds that a request may wait for its turn.
  public let maxWait: Int

  init(_ values: Parameters) {
    let path = values.text("key_file")
    keyFile = path == "off" ? nil : path
    func limit(_ group: String) -> Limit {
      Limit(
        perMinute: values.count("\(group)_per_minute"), burst: values.count("\(group)_burst"))
    }
    privateLimit = limit("private")
    publicLimit = limit("public")
    fillsLimit = limit("fills")
    maxWait = values.integer("max_wait")
  }
}
