import Credentials
import Market
import Network
import Testing

@testable import Sandbox

@Suite("Too many requests")
struct RequestLimitsTests {
  private static let start = Timestamp(seconds: 1_790_000_000)

  private static func after(_ milliseconds: Int64) -> Timestamp {
    start + TimeSpan(nanoseconds: milliseconds * 1_000_000)
  }

  /// Documented: so many at once, and so many a second after that.
  static let groups: [(Visitor.API, RequestKind.Group, burst: Int, perSecond: Int, DoorRefusal)] = [
    (.advanced, .publicData, 10, 10, .tooManyRequests),
    (.advanced, .privateData, 30, 30, .tooManyRequests),
    (.exchange, .publicData, 15, 10, .publicLimit),
    (.exchange, .privateData, 30, 15, .privateLimit), (.exchange, .fills, 20, 10, .privateLimit),
  ]

  @Test func `a burst is let in at once, and then as many a second as documented`() {
    for (api, group, burst, perSecond, refusal) in Self.groups {
      let path =
        switch (api, group) {
        case (.advanced, .publicData): "/api/v3/brokerage/time"
        case (.advanced, _): "/api/v3/brokerage/accounts"
        case (.exchange, .publicData): "/time"
        case (.exchange, .privateData): "/accounts"
        case (.exchange, .fills): "/fills"
        }
      let kind = RequestKind(HTTPRequest(.get, path))
      #expect(kind.api == api && kind.group == group)
      var limits = RequestLimits()
      func letIn(_ now: Timestamp) -> DoorRefusal? {
        do {
          try limits.count(kind, key: "a", now: now)
          return nil
        } catch {
          return error
        }
      }
      let first = (0..<burst + 5).map { _ in letIn(Self.start) }
      #expect(first.count { $0 == nil } == burst, "\(api) \(group)")
      #expect(first.last == refusal)
      let next = (0..<perSecond + 5).map { _ in letIn(Self.after(1001)) }
      #expect(next.count { $0 == nil } == min(burst, perSecond), "\(api) \(group)")
    }
  }

  @Test func `another key has limits of its own, another group too`() throws {
    var limits = RequestLimits()
    let (accounts, fills) = (
      RequestKind(HTTPRequest(.get, "/accounts")), RequestKind(HTTPRequest(.get, "/fills"))
    )
    for _ in 0..<30 { try limits.count(accounts, key: "a", now: Self.start) }
    #expect(throws: DoorRefusal.privateLimit) {
      try limits.count(accounts, key: "a", now: Self.start)
    }
    try limits.count(accounts, key: "b", now: Self.start)
    try limits.count(fills, key: "a", now: Self.start)
  }

  @Test func `10 000 an hour is the most for a key of Advanced Trade`() throws {
    var limits = RequestLimits()
    let kind = RequestKind(HTTPRequest(.get, "/api/v3/brokerage/accounts"))
    var letIn = 0
    // 25 a second for an hour, below the limit a second.
    for step in 0..<Int64(90_000) {
      if (try? limits.count(kind, key: "a", now: Self.after(step * 40))) != nil { letIn += 1 }
    }
    // The burst, and one each 0.36 s; the last one is asked just before the hour is over.
    #expect(letIn == 19_999)
  }

  @Test func `the door counts whom it lets in, where it counts at all`() throws {
    let credentials = SandboxCredentials()
    var counting = Doorkeeper(credentials, countsRequests: true)
    var patient = Doorkeeper(credentials, countsRequests: false)
    let asked = HTTPRequest(.get, "/products", headers: ["Host": "x"])
    for _ in 0..<15 { _ = try counting.admit(asked, now: Self.start, countedAt: Self.start) }
    #expect(throws: DoorRefusal.publicLimit) {
      try counting.admit(asked, now: Self.start, countedAt: Self.start)
    }
    for _ in 0..<100 { _ = try patient.admit(asked, now: Self.start, countedAt: Self.start) }
    // Whatever its clock shows meanwhile, it counts by the true one.
    _ = try counting.admit(asked, now: Self.after(40_000), countedAt: Self.after(100))
    #expect(throws: DoorRefusal.publicLimit) {
      try counting.admit(asked, now: Self.after(80_000), countedAt: Self.after(100))
    }
    _ = try counting.admit(asked, now: Self.after(-40_000), countedAt: Self.after(200))
  }

  @Test func `429 in the shapes of both APIs`() {
    for (refusal, body) in [
      (
        .tooManyRequests,
        #"{"errors":[{"id":"rate_limit_exceeded","message":"Too many requests"}]}"#
      ),
      (.publicLimit, #"{"message":"Public rate limit exceeded"}"#),
      (.privateLimit, #"{"message":"Private rate limit exceeded"}"#),
    ] as [(DoorRefusal, String)] {
      #expect(refusal.response.status == 429)
      #expect(String(decoding: refusal.response.body, as: UTF8.self) == body)
      #expect(refusal.response.headers["Retry-After"] == nil)
    }
  }

  @Test func `a WebSocket says no more than it may`() {
    for (api, most) in [(Visitor.API.advanced, 8), (.exchange, 100)] {
      var limits = MessageLimits(of: api, now: Self.start)
      let said = (0..<most + 3).map { _ in limits.count(hasToken: false, now: Self.start) }
      #expect(said.count { $0 } == most)
      // Advanced Trade counts those without a token alone.
      let signed = limits.count(hasToken: true, now: Self.start)
      #expect(signed == (api == .advanced))
      let later = limits.count(hasToken: false, now: Self.after(1000))
      #expect(later)
    }
  }

  @Test func `20 WebSockets are opened at once, and 8 a second after that`() throws {
    var door = Doorkeeper(SandboxCredentials(), countsRequests: true)
    for _ in 0..<20 { try door.admitSocket(countedAt: Self.start) }
    #expect(throws: DoorRefusal.publicLimit) { try door.admitSocket(countedAt: Self.start) }
    for _ in 0..<8 { try door.admitSocket(countedAt: Self.after(1000)) }
    #expect(throws: DoorRefusal.publicLimit) { try door.admitSocket(countedAt: Self.after(1000)) }
    var patient = Doorkeeper(SandboxCredentials(), countsRequests: false)
    for _ in 0..<100 { try patient.admitSocket(countedAt: Self.start) }
    let limits = patient.messageLimits(of: .exchange, countedFrom: Self.start)
    #expect(limits == nil)
  }
}
