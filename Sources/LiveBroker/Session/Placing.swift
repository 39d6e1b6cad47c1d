import Execution
import Market

/// An order on its way: what is sent, which may not be what the engine has asked for.
struct Placing: Sendable {
  /// What is sent.
  var wish: OrderWish
  /// How much the engine has asked for.
  let whole: Quantity
  /// Whether less is sent, for want of coins.
  var isPart = false
  /// What it is for.
  let role: OrderRole
  /// Whether the engine was told that nobody knows whether there is such an order.
  var isLate = false
  /// How often the exchange has refused it.
  var failures = 0
  /// How often the exchange has said that it has one of this name.
  var duplicates = 0
  /// The entry whose end was asked for meanwhile.
  var asked: ClientOrderID?
  /// How long to wait before it is sent again.
  var backoff = Backoff(first: TimeSpan(nanoseconds: 100_000_000), longest: TimeSpan(seconds: 30))

  /// So long it is waited for coins before somebody looks where they are, and from one look to the next: holds
  /// are released within seconds (coinbase.md A.9).
  static let patience = Duration.seconds(5)

  /// The longest that a purchase takes to be shown in the account, and half of that for good measure.
  static let longestLag = Duration.seconds(30)

  /// Between an exit that the exchange took and failed and the next one.
  static let setback = Backoff(
    first: TimeSpan(nanoseconds: 100_000_000), longest: TimeSpan(seconds: 30))

  /// An exit is refused so often before a rescue takes its place: a market that moves is no reason for a new
  /// order with each answer.
  static let failuresBeforeRescue = 3

  /// An exit that follows the market is offered so often without a pause in between.
  static let failuresBeforePause = 7

  /// An exit of whose name the exchange says so often that it has one, and then has none, gets another name.
  static let mostDuplicates = 7

  /// An entry whose answers are lost so often is not sent again.
  static let mostEntries = 5

  init(_ order: Order, _ role: OrderRole, product: String) {
    wish = OrderWish(order, productID: product)
    whole = order.quantity
    self.role = role
  }

  /// Rounds down what is sent to the exchange's steps of today.
  ///
  /// The engine has those with which the record began. An exchange may make them coarser, and takes nothing
  /// between them.
  mutating func fit(_ product: Product) {
    wish.order.limit = product.floorTick(wish.order.limit)
    wish.order.trigger = wish.order.trigger.map { product.floorTick($0) }
    wish.order.quantity = product.floorLot(wish.order.quantity)
  }

  /// Who goes first.
  var priority: RequestPriority { role == .entry ? .entry : .protective }
}
