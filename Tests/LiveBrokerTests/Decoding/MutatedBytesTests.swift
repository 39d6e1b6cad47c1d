import Market
import Simulator
import TestKit
import Testing

@testable import LiveBroker

/// Broken answers give errors, never a trap; whole ones with one more member are still read.
@Suite("Bytes that were changed on the way")
struct MutatedBytesTests {
  private static let page = CandlePages.Page(
    first: Timestamp(seconds: 0), last: Timestamp(seconds: 300))

  private static func readers() -> [(String, @Sendable (HTTPAnswer) throws -> Void)] {
    let wish = OrderWish(
      Order(
        id: Samples.ownID, side: .buy, limit: 1, quantity: 1, submitted: Timestamp(seconds: 0)),
      productID: "A-B")
    let interval = TimeSpan(seconds: 300)
    var all: [(String, @Sendable (HTTPAnswer) throws -> Void)] = [
      (Samples.product, { _ = try AdvancedTrade.product("A").answer(to: $0) }),
      (
        #"{"order":\#(Samples.order)}"#, { _ = try AdvancedTrade.order("A").answer(to: $0) }
      ),
      (
        #"{"fills":[\#(Samples.fill)],"cursor":""}"#,
        { answer in
          for fill in try AdvancedTrade.fills().answer(to: answer).items {
            _ = fill.fill(of: Samples.ownID)
          }
        }
      ),
      (
        #"{"success":false,"error_response":{"error":"INSUFFICIENT_FUND","message":"m"}}"#,
        { answer in
          do throws(ExchangeError) { _ = try AdvancedTrade.place(wish).answer(to: answer) } catch {
            // Refused is what it says, and read well.
            guard case .refused = error.problem else { throw error }
          }
        }
      ),
      (
        #"{"results":[{"success":true,"failure_reason":"","order_id":"a"}]}"#,
        { _ = try AdvancedTrade.cancel(["a"]).answer(to: $0) }
      ),
      (
        #"{"epochMillis":"1763805600123"}"#,
        { _ = try AdvancedTrade.serverTime().answer(to: $0) }
      ),
      (
        #"{"candles":[{"start":"300","low":"1","high":"3","open":"2","close":"2","volume":"7.5"}]}"#,
        { answer in
          _ = try AdvancedTrade.candles(of: "A", page, interval: interval)?.answer(to: answer)
        }
      ),
      (Samples.exchangeOrder, { _ = try ExchangeREST.order("A").answer(to: $0) }),
      (
        "[[300,1.5,3,2,2.25,1e-3]]",
        { answer in
          _ = try ExchangeREST.candles(of: "A", page, interval: interval)?.answer(to: answer)
        }
      ),
    ]
    for message in Samples.advancedTradeMessages {
      all.append((message, { _ = try AdvancedTrade.feedMessage($0.body) }))
    }
    for message in Samples.exchangeMessages {
      all.append((message, { _ = try ExchangeFeed.message($0.body) }))
    }
    return all
  }

  @Test("A byte changed, dropped or doubled, or a piece missing", arguments: Seeds.ofThisRun)
  func mutated(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for (text, read) in Self.readers() {
      try read(Samples.answer(text))
      let whole = Array(text.utf8)
      for _ in 0..<60 {
        var bytes = whole
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          let place = Int.random(in: 0..<bytes.count, using: &random)
          switch Int.random(in: 0..<5, using: &random) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
          case 1: bytes.remove(at: place)
          case 2: bytes.insert(UInt8(ascii: "9"), at: place)
          case 3: bytes.insert(bytes[place], at: place)
          default: bytes = Array(bytes[..<max(1, place)])
          }
          if bytes.isEmpty { bytes = [0] }
        }
        // Whatever comes of it: no trap.
        for status in [200, 400] {
          do { try read(HTTPAnswer(status: status, body: bytes)) } catch {
            #expect(!"\(error)".isEmpty)
          }
        }
      }
    }
  }

  @Test func `members that nobody knows are ignored, at the root and within`() throws {
    for (text, read) in Self.readers() where text.hasPrefix("{") {
      let more = text.replacing("{\"", with: #"{"brand_new":{"a":[1,null]},""#)
      // Where names are the keys, as in subscriptions, a new name is a new value.
      guard !text.contains(#""subscriptions":{"#), !text.contains("order_configuration") else {
        continue
      }
      #expect(throws: Never.self, "\(text)") { try read(Samples.answer(more)) }
    }
  }
}
