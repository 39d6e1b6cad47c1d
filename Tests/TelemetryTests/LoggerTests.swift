import Foundation
import Synchronization
import Testing

@testable import Telemetry

@Suite("Logger")
struct LoggerTests {
  private func logger(_ level: LogLevel, _ recorder: Recorder, _ redactor: Redactor = Redactor())
    -> Logger
  {
    Logger(level: level, sinks: [recorder], redactor: redactor, clock: { noon })
  }

  @Test("Only what is important enough is told", arguments: LogLevel.allCases)
  func levels(_ level: LogLevel) {
    let recorder = Recorder()
    let log = logger(level, recorder)
    log.trace("a")
    log.debug("b")
    log.info("c")
    log.warn("d")
    log.error("e")
    #expect(recorder.events.map(\.level) == LogLevel.allCases.filter { $0 >= level })
    #expect(recorder.events.allSatisfy { $0.time == noon })
    #expect(LogLevel(name: level.name) == level)
  }

  @Test func `what is not told is not made either`() {
    let made = Mutex(0)
    func text() -> String {
      made.withLock { $0 += 1 }
      return "x"
    }
    let recorder = Recorder()
    logger(.warn, recorder).info(text(), ["key": .text(text())])
    #expect(made.withLock { $0 } == 0)
    logger(.info, recorder).info(text(), ["key": .text(text())])
    #expect(made.withLock { $0 } == 2)
    Logger(level: .trace, sinks: [], clock: { noon }).error(text())
    #expect(made.withLock { $0 } == 2, "without a sink nothing is made")
  }

  @Test func `fields keep their order, those of the logger first`() {
    let recorder = Recorder()
    logger(.info, recorder).adding(["pair": "BTC-USD"])
      .info("filled", ["price": 5, "maker": true, "share": 0.5, "file": "a b"])
    #expect(
      recorder.events.first?.fields == [
        .init("pair", "BTC-USD"), .init("price", 5), .init("maker", true), .init("share", 0.5),
        .init("file", "a b"),
      ])
  }

  // MARK: - Secrets

  @Test(
    "A field of such a name shows no value",
    arguments: [
      "secret", "api_secret", "password", "PASSWORD", "db-password", "passphrase", "api_key",
      "apiKey", "API-KEY", "private_key", "privateKey", "authorization", "Authorization", "jwt",
      "jwt_header", "token", "access_token",
    ])
  func secretNames(_ key: String) {
    let event = Redactor().redact(
      LogEvent(time: 0, level: .info, message: "m", fields: [.init(key, "hush"), .init("a", "b")]))
    #expect(event.fields == [.init(key, .text(Redactor.mask)), .init("a", "b")])
  }

  @Test func `a registered value appears nowhere, whole or within a text`() {
    let redactor = Redactor()
    redactor.register("hunter2")
    redactor.register("hunter2-and-more")
    redactor.register("abc")
    let recorder = Recorder()
    logger(.info, recorder, redactor).info(
      "login with hunter2, hunter2-and-more!",
      ["hunter2": "x", "url": "https://a/?q=hunter2hunter2", "n": 7, "word": "abc"])
    let event = recorder.events[0]
    #expect(event.message == "login with [redacted], [redacted]!")
    #expect(event.fields[0].key == "[redacted]")
    #expect(event.fields[1].value == "https://a/?q=[redacted][redacted]")
    #expect(event.fields[2].value == 7)
    #expect(event.fields[3].value == "abc", "too short: it would black out words")
  }

  @Test func `each long line of a key is a secret too`() {
    let redactor = Redactor()
    redactor.register("-----BEGIN KEY-----\nMHcCAQEEIBKcl3jzoQXg\nAwEHo\n-----END KEY-----\n")
    let event = redactor.redact(
      LogEvent(time: 0, level: .info, message: "read MHcCAQEEIBKcl3jzoQXg and AwEHo"))
    #expect(event.message == "read [redacted] and AwEHo")
  }

  // MARK: - Threads

  @Test func `events of many threads all arrive, each whole`() async throws {
    let recorder = Recorder()
    let log = logger(.info, recorder)
    let counters = Counters()
    await withTaskGroup(of: Void.self) { group in
      for thread in 0..<8 {
        group.addTask {
          for number in 0..<500 {
            log.info("event", ["thread": LogValue(thread), "number": LogValue(number)])
            counters["events"].add()
            counters["of_\(thread % 2)"].add(2)
          }
        }
      }
    }
    #expect(Set(recorder.events).count == 4000)
    #expect(counters.snapshot.map(\.name) == ["events", "of_0", "of_1"], "by name")
    #expect(counters.snapshot.map(\.value) == [4000, 4000, 4000])
  }
}
