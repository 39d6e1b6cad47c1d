import Strategy

extension Section {
  /// Who we are at the exchange; it decides nothing about a run.
  public static let exchange = Section(
    "exchange", help: "who you are at the exchange; CB_API_KEY in the environment wins over it",
    parameters: [
      Parameter(
        "key_file", .path, default: "off",
        help: "the key file of Coinbase's developer portal, which only you can read")
    ])
}

/// Who we are at the exchange.
public struct ExchangeSettings: Hashable, Sendable {
  /// The key file, if one is named.
  public let keyFile: String?

  init(_ values: Parameters) {
    let path = values.text("key_file")
    keyFile = path == "off" ? nil : path
  }
}
