import Foundation
import JSON
import Market
import Network
import Sandbox
import TestKit
import Testing

/// A local exchange in the test's own process, and a folder with its keys for the program.
struct ExchangeNearby {
  let sandbox: SandboxServer
  let session: SessionFolder

  /// Runs `body` beside an exchange that stands at its first price.
  static func run(
    _ settings: SandboxSettings = SandboxSettings(listings: [Listing(Product())]),
    candles: [Candle] = [Candle(0, open: "100", high: "110", low: "90", close: "105")],
    permissions: KeyPermissions = KeyPermissions(), ahead: TimeSpan = TimeSpan(seconds: 0),
    _ body: (ExchangeNearby) async throws -> Void
  ) async throws {
    let session = try await SessionFolder(candles: 50)
    let loop = try EventLoop()
    do {
      let credentials = SandboxCredentials(permissions: permissions)
      let sandbox = try await SandboxServer.start(
        settings, candles: settings.listings.map { _ in candles }, on: loop,
        credentials: credentials, clock: { .wallClock + ahead })
      try CredentialFolder(
        credentials, authority: sandbox.certificate,
        addresses: .init(authority: sandbox.endpoint.authority)
      ).write(to: session.folder.path("keys"))
      do { try await body(ExchangeNearby(sandbox: sandbox, session: session)) } catch {
        await sandbox.stop()
        throw error
      }
      await sandbox.stop()
    } catch {
      await loop.shutDown()
      throw error
    }
    await loop.shutDown()
  }

  /// What `runner doctor` says of it, by the names of its lines.
  func doctor(
    _ more: String..., environment: [String: String] = [:]
  ) async throws -> Diagnosis {
    let words = ["doctor", "--exchange", "keys", "--json", "found.json"] + more
    return try Diagnosis(
      try await RunnerProcess.run(words, in: session.folder, environment: environment),
      try JSONValue(parsing: Array(try session.folder.bytes(of: "found.json"))))
  }
}

/// What `runner doctor` found.
struct Diagnosis {
  struct Line: Equatable {
    var name: String
    var verdict: String
    var text: String
    var advice: String?
  }

  let finished: Finished
  let lines: [Line]
  let isReady: Bool

  init(_ finished: Finished, _ json: JSONValue) throws {
    self.finished = finished
    isReady = try #require(json["ready"]?.bool as Bool?)
    lines = try #require(json["checks"]).elements.map { check in
      Line(
        name: try #require(check["name"]?.string), verdict: try #require(check["verdict"]?.string),
        text: try #require(check["text"]?.string), advice: check["advice"]?.string)
    }
  }

  /// The line of that name.
  subscript(name: String) -> Line? { lines.first { $0.name == name } }

  /// The names of lines with a verdict.
  func names(_ verdict: String) -> [String] {
    lines.filter { $0.verdict == verdict }.map(\.name)
  }
}

extension Timestamp {
  /// The time of the wall clock.
  static var wallClock: Timestamp {
    Timestamp(nanoseconds: Int64(Date().timeIntervalSince1970 * 1e9))
  }
}
