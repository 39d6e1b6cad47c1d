import Configuration
import Execution
import Foundation
import LiveBroker
import Market
import Simulator
import Testing

@testable import Runner

@Suite("What a session tells of anomalies")
struct SessionTellerTests {
  private static let fill = Fill(
    order: ClientOrderID(session: 1, pair: 0, number: 7), id: 5, time: Timestamp(seconds: 0),
    side: .buy, price: 100, quantity: 1, fee: 0, liquidity: .taker)

  @Test(
    "A fill that is not counted is an error and says what to do; others are warnings",
    arguments: [
      (Anomaly.excessFill(fill), true), (.wrongSide(fill), true), (.repeatedFill(fill), false),
      (.unknownOrder(OrderReport(order: fill.order, time: fill.time, news: .filled(fill))), true),
      (.unknownOrder(OrderReport(order: fill.order, time: fill.time, news: .cancelled)), false),
    ])
  func anomaly(anomaly: Anomaly, isError: Bool) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "teller-\(UUID()).log")
    defer { try? FileManager.default.removeItem(at: file) }
    let program = Program(strategies: StrategyEntry.builtIn)
    let settings = try Settings(
      sets: ["logging.file=\(file.path(percentEncoded: false))"], pairs: [],
      strategies: program.strategyKeys)
    let log = CommandLog(settings.logging, of: program)
    SessionTeller(log, products: ["BTC-USD"], currency: "USD").tell(
      .note(.anomaly(anomaly), pair: 0))
    let told = try String(contentsOf: file, encoding: .utf8)
    #expect(told.contains("BTC-USD: \(anomaly)"))
    #expect(told.contains(isError ? "\"level\": \"error\"" : "\"level\": \"warn\""), "\(told)")
    #expect(told.contains("See to it by hand") == isError)
  }
}
