import Credentials
import Execution
import Market
import Sandbox
import TestKit
import Testing

@testable import LiveBroker

@Suite("A feed that does not tell of trades", .timeLimit(.minutes(10)))
struct HearingTests {
  @Test(
    "is connected anew, and what it has not told is made up for",
    arguments: [KeyKind.ed25519, .hmac])
  func anew(key: KeyKind) async throws {
    var stage = try SessionStage(seed: 6, count: 300)
    (stage.key, stage.timeScale) = (key, 50)
    // Only the channel of the trades, and without a gap in the numbers: all others go on.
    var silence = FaultRule(.messageDropped, chance: rate("0.05"), most: 3)
    silence.channels = [.trades]
    silence.isHidden = true
    silence.messages = 20...20
    stage.faults.rules = [silence]
    let (_, trouble) = try await stage.rehearse()
    #expect(
      trouble.contains { $0.contains("and the feed has told of no such trades") }, "\(trouble)")
    #expect(trouble.contains { $0.contains("the feed is connected anew") })
  }

  @Test("that tells of them is left alone", arguments: [KeyKind.ed25519, .hmac])
  func whole(key: KeyKind) async throws {
    var stage = try SessionStage(seed: 6, count: 300)
    stage.key = key
    let (_, trouble) = try await stage.rehearse()
    #expect(!trouble.contains { $0.contains("told of no such trades") }, "\(trouble)")
  }
}
