import LiveBroker

/// Why a session must not begin.
enum AccountDefect: Error, Hashable, CustomStringConvertible {
  /// The key may not even look.
  case cannotView
  /// The key may only look.
  case cannotTrade
  /// The key may move money out.
  case canTransfer
  /// The exchange takes no orders for a product, or not all kinds.
  case notTradable(String, String)
  /// A product that only lends its name to the book of another.
  case alias(String, of: String)
  /// Pairs that are paid in different currencies.
  case manyCurrencies([String])
  /// There is nothing to trade with.
  case noCash(String)

  var description: String { "\(fact). \(advice)" }

  /// What is in the way, without a full stop.
  var fact: String {
    switch self {
    case .cannotView: "the key may not look at the account"
    case .cannotTrade: "the key may not trade"
    case .canTransfer:
      "the key may transfer money out of the account, which a program that trades must not be able to"
    case .notTradable(let product, let why): "\(product) cannot be traded now (\(why))"
    case .alias(let product, let other):
      "\(product) shares the book of \(other), and its prices come under that name alone"
    case .manyCurrencies(let currencies):
      "the pairs are paid in \(currencies.joined(separator: " and ")): one account has one"
    case .noCash(let currency): "the key's portfolio has no \(currency) available"
    }
  }

  /// What to do about it.
  var advice: String {
    switch self {
    case .cannotView, .cannotTrade:
      "Make one with the permissions 'view' and 'trade' in Coinbase's developer portal"
    case .canTransfer: "Make one with the permissions 'view' and 'trade' alone"
    case .notTradable: "Choose another product, or try again later"
    case .alias(_, let other): "Trade \(other)"
    case .manyCurrencies: "Run a session for each"
    case .noCash:
      "Move some into the portfolio that the key belongs to, or cancel what holds it"
    }
  }
}

/// What a session looks at before it begins, one thing each.
extension AccountDefect {
  /// Whether a key may do what a session needs and nothing worse.
  static func check(_ permissions: KeyPermissions) throws(AccountDefect) {
    guard permissions.canView else { throw .cannotView }
    guard permissions.canTrade else { throw .cannotTrade }
    guard !permissions.canTransfer else { throw .canTransfer }
  }

  /// Whether a product can be traded now, under the name that it was asked for by.
  static func check(_ listed: ListedProduct, named name: String) throws(AccountDefect) {
    guard listed.isTradable else {
      throw .notTradable(
        name, listed.restrictions.map(\.rawValue).sorted().joined(separator: ", "))
    }
    // Its trades would never reach the session, which waits for its own name.
    if let other = listed.alias { throw .alias(name, of: other) }
  }

  /// The one currency in which all of them are paid.
  static func currency(of products: [ListedProduct]) throws(AccountDefect) -> String {
    let currencies = Set(products.map(\.quoteCurrency)).sorted()
    guard currencies.count == 1 else { throw .manyCurrencies(currencies) }
    return currencies[0]
  }
}
