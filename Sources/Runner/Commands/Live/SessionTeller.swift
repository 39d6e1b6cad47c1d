import Execution
import LiveBroker
import Market
import Synchronization
import Telemetry

/// Says what happens in a session, as far as somebody who watches wants to know.
final class SessionTeller: Sendable {
  private let log: CommandLog
  private let products: [String]
  private let currency: String
  private let fills = Atomic<Int>(0)
  private let trades = Atomic<Int>(0)

  init(_ log: CommandLog, products: [String], currency: String) {
    self.log = log
    self.products = products
    self.currency = currency
  }

  /// How many fills there were.
  var fillCount: Int { fills.load(ordering: .relaxed) }
  /// How many positions closed.
  var tradeCount: Int { trades.load(ordering: .relaxed) }

  /// Says what is worth it.
  func tell(_ news: SessionNews) {
    switch news {
    case .trouble(let text): log.logger.warn("\(text)")
    case .alarm(let text): log.logger.error("\(text)")
    case .info(let text): log.notice(text)
    case .command(let command, let pair): tell(command, products[pair])
    case .note(let note, let pair): tell(note, products[pair])
    }
  }

  private func tell(_ command: Command, _ product: String) {
    switch command {
    case .submit(let order, let role):
      let stop = order.trigger.map { ", trigger \($0)" } ?? ""
      log.logger.debug(
        "\(product): \(role.rawValue) \(order.id.number): \(order.side.rawValue) \(order.quantity) "
          + "at \(order.limit)\(stop)")
    case .cancel(let id, let reason):
      log.logger.debug("\(product): cancel \(id.number) (\(reason.rawValue))")
    }
  }

  private func tell(_ note: Note, _ product: String) {
    switch note {
    case .fill(let fill, _, let held):
      fills.add(1, ordering: .relaxed)
      let did = fill.side == .buy ? "bought" : "sold"
      log.notice(
        "\(fill.time) \(product): \(did) \(fill.quantity) at \(fill.price) "
          + "(\(fill.liquidity.rawValue), fee \(fill.fee) \(currency)); \(held) held",
        ["product": "\(product)", "order": LogValue(fill.order.number)])
    case .trade(let trade):
      trades.add(1, ordering: .relaxed)
      log.notice(
        "\(trade.exitTime) \(product): position closed by \(trade.exitReason.rawValue), realised "
          + "\(trade.realised) \(currency)", ["product": "\(product)"])
    case .ratchet(let from, let to, _, let time):
      log.logger.debug("\(time) \(product): stop moves up from \(from) to \(to)")
    case .tripped(let trip):
      log.logger.warn(
        "\(trip.time): the breaker has tripped; every position is sold. 'breaker status' says why")
    case .dayLost(let time):
      log.logger.warn("\(time) \(product): the day's loss is at its limit: no entries today")
    case .anomaly(let anomaly) where anomaly.leavesFillOut:
      log.logger.error(
        "\(product): \(anomaly). It is not counted: account and record differ by it. See to it by hand"
      )
    case .anomaly(let anomaly): log.logger.warn("\(product): \(anomaly)")
    case .refused(let refusal, let time):
      log.logger.info("\(time) \(product): an entry was refused: \(refusal)")
    case .signal, .sizeCut, .orderDone: break
    }
  }
}
