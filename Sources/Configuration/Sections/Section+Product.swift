import Market
import Strategy

extension Section {
  /// What is traded, and in which steps; SEMANTICS 1.2.
  public static let product = Section(
    "product",
    help: "what is traded, and in which steps; a live run reads the steps from the exchange",
    parameters: [
      Parameter("id", .text, default: "BTC-USD", help: "the exchange's name of the pair"),
      Parameter(
        "quote_increment", .price, default: "0.01",
        help: "the tick: prices are multiples of it, in the quote currency"),
      Parameter(
        "base_increment", .quantity(Bounds(.excluded(0), .included(1_000_000_000_000))),
        default: "0.00000001", help: "the lot: quantities are multiples of it, in the base currency"
      ),
      Parameter(
        "base_min_size", .quantity(Bounds(0...1_000_000_000_000)), default: "0.00000001",
        help: "the least quantity of an entry, in the base currency"),
      Parameter(
        "quote_min_size", .money(Bounds(0...1_000_000_000_000)), default: "1",
        help: "the least price x quantity of an entry, in the quote currency"),
    ])
}

extension Product {
  /// The product that section `product` describes.
  init(_ values: Parameters) {
    self.init(
      id: values.text("id"), quoteIncrement: values.price("quote_increment"),
      baseIncrement: values.quantity("base_increment"),
      baseMinSize: values.quantity("base_min_size"), quoteMinSize: values.money("quote_min_size"))
  }
}
