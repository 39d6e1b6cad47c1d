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
      perMinute("private", "requests that need the key"),
      burst("private", "requests that need the key"),
      perMinute("public", "requests that need none"),
      burst("public", "requests that need none"),
      perMinute("fills", "requests for fills"),
      burst("fills", "requests for fills"),
      Parameter(
        "max_wait", .integer(Bounds(1...600)), default: "10",
        help: "the seconds that a request may wait for its turn before it is given up"),
    ])

  private static func perMinute(_ group: String, _ what: String) -> Parameter {
    Parameter(
      "\(group)_per_minute", .count(Bounds(1...100_000)), default: "off",
      help: "\(what), a minute; off: as many as the exchange allows")
  }

  private static func burst(_ group: String, _ what: String) -> Parameter {
    Parameter(
      "\(group)_burst", .count(Bounds(1...1000)), default: "off",
      help: "\(what), at once; off: as many as the exchange allows")
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
