import Credentials
import JSON
import Market
import Network
import Sandbox
import Secrets
import Testing

@Suite("The door of the sandbox")
struct DoorkeeperTests {
  private static let now = Timestamp(seconds: 1_790_000_000)
  private static let host = "127.0.0.1:8443"

  private let credentials = SandboxCredentials()

  private func doorkeeper(_ credentials: SandboxCredentials? = nil) -> Doorkeeper {
    Doorkeeper(credentials ?? self.credentials, countsRequests: false)
  }

  /// A request as it comes over the wire.
  private func request(
    _ method: HTTPMethod = .get, _ target: String, _ headers: HTTPHeaders = [:], body: [UInt8] = []
  ) -> HTTPRequest {
    var headers = headers
    headers["Host"] = headers["Host"] ?? Self.host
    return HTTPRequest(method, target, headers: headers, body: body)
  }

  private func token(
    _ kind: KeyKind, uri: String?, at time: Int64 = now.seconds,
    from credentials: SandboxCredentials? = nil
  ) throws -> String {
    let client = (credentials ?? self.credentials).clientCredentials(kind)
    guard case .token(let key) = client.signer else { throw DoorRefusal.unauthorized }
    return WebToken(keyName: client.name, key: key).signed(uri: uri, now: time, nonce: "0a")
      .reveal()
  }

  private func refusal(
    _ request: HTTPRequest, of credentials: SandboxCredentials? = nil, now: Timestamp = now
  ) -> DoorRefusal? {
    var doorkeeper = doorkeeper(credentials)
    do {
      _ = try doorkeeper.admit(request, now: now, countedAt: now)
      return nil
    } catch {
      return error
    }
  }

  // MARK: - Advanced Trade

  static let orders = "/api/v3/brokerage/orders/historical/batch"

  @Test("A token opens the request it was made for", arguments: [KeyKind.es256, .ed25519])
  func tokens(kind: KeyKind) throws {
    for host in [Self.host, "api.coinbase.com"] {
      let token = try token(kind, uri: "GET \(host)\(Self.orders)")
      var doorkeeper = doorkeeper()
      let visitor = try doorkeeper.admit(
        request(.get, Self.orders + "?limit=2", ["Authorization": "Bearer \(token)"]),
        now: Self.now, countedAt: Self.now)
      #expect(visitor.api == .advanced)
      #expect(visitor.key == (kind == .es256 ? credentials.es256 : credentials.ed25519).name)
      #expect(visitor.permissions == KeyPermissions())
    }
  }

  struct BadToken: CustomTestStringConvertible, Sendable {
    var what: String
    var uri: String? = "GET \(host)\(orders)"
    var age: Int64 = 0
    var prefix = "Bearer "
    var suffix = ""
    var method = HTTPMethod.get
    var target = orders
    var testDescription: String { what }
  }

  static let badTokens = [
    BadToken(what: "another host", uri: "GET 127.0.0.1:1\(orders)"),
    BadToken(what: "no port", uri: "GET 127.0.0.1\(orders)"),
    BadToken(what: "another method", uri: "POST \(host)\(orders)"),
    BadToken(
      what: "the query in the uri", uri: "GET \(host)\(orders)?limit=1", target: orders + "?limit=1"
    ),
    BadToken(what: "a scheme in the uri", uri: "GET https://\(host)\(orders)"),
    BadToken(what: "no uri", uri: nil),
    BadToken(what: "another path with the same token", target: "/api/v3/brokerage/accounts"),
    BadToken(what: "sent as another method", method: .post),
    BadToken(what: "two minutes old", age: 120), BadToken(what: "from the future", age: -6),
    BadToken(what: "no Bearer", prefix: ""), BadToken(what: "Basic", prefix: "Basic "),
    BadToken(what: "a signature with more behind", suffix: "AA"),
    BadToken(what: "four parts", suffix: ".AA"),
  ]

  @Test("What is no right token gets 401 and one word", arguments: badTokens)
  func badToken(_ bad: BadToken) throws {
    for kind in [KeyKind.es256, .ed25519] {
      let token = try token(kind, uri: bad.uri, at: Self.now.seconds - bad.age)
      let refusal = refusal(
        request(
          bad.method, bad.target, ["Authorization": "\(bad.prefix)\(token)\(bad.suffix)"]))
      #expect(refusal == .unauthorized)
    }
  }

  @Test func `a token of another sandbox is none here`() throws {
    let other = SandboxCredentials()
    for kind in [KeyKind.es256, .ed25519] {
      let token = try token(kind, uri: "GET \(Self.host)\(Self.orders)", from: other)
      let asked = request(.get, Self.orders, ["Authorization": "Bearer \(token)"])
      #expect(refusal(asked) == .unauthorized)
      #expect(refusal(asked, of: other) == nil)
    }
    #expect(refusal(request(.get, Self.orders)) == .unauthorized)
  }

  @Test func `up to its last second a token is good, and five seconds early`() throws {
    for (age, isGood) in [(119, true), (120, false), (-5, true), (-6, false)] as [(Int64, Bool)] {
      let token = try token(
        .ed25519, uri: "GET \(Self.host)\(Self.orders)", at: Self.now.seconds - age)
      let asked = request(.get, Self.orders, ["Authorization": "Bearer \(token)"])
      #expect((refusal(asked) == nil) == isGood, "\(age) s")
    }
  }

  @Test func `the refusal is plain text with a line feed`() {
    let response = DoorRefusal.unauthorized.response
    #expect(response.status == 401)
    #expect(response.body == Array("Unauthorized\n".utf8))
    #expect(response.headers["Content-Type"] == "text/plain; charset=utf-8")
  }

  @Test func `a message on the WebSocket has a token without a request`() throws {
    let doorkeeper = doorkeeper()
    let right = try token(.es256, uri: nil)
    #expect(try doorkeeper.admit(token: right, now: Self.now).key == credentials.es256.name)
    let ofRequest = try token(.es256, uri: "GET \(Self.host)\(Self.orders)")
    for wrong in [ofRequest, "", try token(.es256, uri: nil, at: Self.now.seconds - 120)] {
      #expect(throws: DoorRefusal.unauthorized) {
        try doorkeeper.admit(token: wrong, now: Self.now)
      }
    }
  }

  // MARK: - The Exchange

  /// The headers of a signed request, each of which a case may replace.
  private func headers(
    _ method: HTTPMethod = .get, _ target: String, body: [UInt8] = [], time: String,
    changing changes: [String: String?] = [:]
  ) throws -> HTTPHeaders {
    let exchange = credentials.exchange
    let key = try #require(HMACKey(exchange.secret))
    var headers: HTTPHeaders = [
      "CB-ACCESS-KEY": exchange.key,
      "CB-ACCESS-SIGN": key.signature(
        timestamp: time, method: method.rawValue, path: target, body: body),
      "CB-ACCESS-TIMESTAMP": time, "CB-ACCESS-PASSPHRASE": exchange.passphrase.reveal(),
    ]
    for (name, value) in changes { headers[name] = value }
    return headers
  }

  static let order = Array(#"{"side":"buy"}"#.utf8)

  @Test(
    "A signature opens its request for 30 s, before and after",
    arguments: [
      ("1790000000", true), ("1790000000.25", true), ("1789999970", true), ("1790000030", true),
      ("1789999969.9", false), ("1790000031", false), ("1790000030.000001", false), ("", false),
      ("now", false), ("-1", false), ("1790000000000", false), ("99999999999999999999", false),
    ])
  func skew(time: String, isGood: Bool) throws {
    let signed = try headers(.post, "/orders", body: Self.order, time: time)
    let refusal = refusal(request(.post, "/orders", signed, body: Self.order))
    #expect(refusal == (isGood ? nil : .staleTimestamp))
  }

  @Test func `what is missing or wrong in the headers is named`() throws {
    let target = "/fills?order_id=1&limit=2"
    let cases: [([String: String?], DoorRefusal?)] = [
      ([:], nil), (["CB-ACCESS-KEY": nil], .incomplete), (["CB-ACCESS-SIGN": nil], .incomplete),
      (["CB-ACCESS-TIMESTAMP": nil], .incomplete), (["CB-ACCESS-PASSPHRASE": nil], .incomplete),
      (["CB-ACCESS-KEY": "x"], .unknownKey), (["CB-ACCESS-PASSPHRASE": "x"], .wrongPassphrase),
      (["CB-ACCESS-SIGN": "x"], .wrongSignature),
      (
        ["CB-ACCESS-SIGN": Base64.encode([UInt8](repeating: 0, count: 32), .standard)],
        .wrongSignature
      ),
      (["CB-ACCESS-TIMESTAMP": "1790000001"], .wrongSignature),
    ]
    for (changes, expected) in cases {
      let signed = try headers(.get, target, time: "1790000000", changing: changes)
      #expect(refusal(request(.get, target, signed)) == expected, "\(changes)")
    }
  }

  @Test func `a signature of one request opens no other`() throws {
    let signed = try headers(.post, "/orders", body: Self.order, time: "1790000000")
    for other in [
      request(.post, "/orders?x=1", signed, body: Self.order),
      request(.delete, "/orders", signed, body: Self.order),
      request(.post, "/orders", signed, body: Array(#"{"side":"sell"}"#.utf8)),
      request(.post, "/orders", signed), request(.get, "/accounts", signed),
    ] {
      #expect(refusal(other) == .wrongSignature, "\(other.method) \(other.target)")
    }
  }

  @Test func `the refusals are JSON with a message`() {
    for (refusal, status, message) in [
      (.incomplete, 401, "Unauthorized."), (.unknownKey, 401, "Invalid API Key"),
      (.wrongPassphrase, 401, "Invalid Passphrase"),
      (.staleTimestamp, 401, "request timestamp expired"),
      (.wrongSignature, 401, "invalid signature"), (.forbidden, 403, "Forbidden"),
    ] as [(DoorRefusal, Int, String)] {
      let response = refusal.response
      #expect(response.status == status)
      #expect(response.body == Array("{\"message\":\"\(message)\"}".utf8))
      #expect(refusal.reason == message)
    }
  }

  @Test func `a subscription to the feed is signed as a request of its own`() throws {
    let exchange = credentials.exchange
    let key = try #require(HMACKey(exchange.secret))
    func message(_ time: String, signature: String, timestamp: JSONTree? = nil) throws -> JSONValue
    {
      try JSONValue(
        parsing: JSONTree.object([
          ("type", .string("subscribe")), ("key", .string(exchange.key)),
          ("passphrase", .string(exchange.passphrase.reveal())),
          ("timestamp", timestamp ?? .string(time)), ("signature", .string(signature)),
        ]).bytes)
    }
    let doorkeeper = doorkeeper()
    let right = key.subscribeSignature(timestamp: "1790000000")
    for timestamp in [nil, JSONTree.number("1790000000")] {
      let subscription = try message("1790000000", signature: right, timestamp: timestamp)
      let visitor = try doorkeeper.admit(subscription: subscription, now: Self.now)
      #expect(visitor.key == exchange.key && visitor.api == .exchange)
    }
    let wrong = try message("1790000001", signature: right)
    #expect(throws: DoorRefusal.wrongSignature) {
      try doorkeeper.admit(subscription: wrong, now: Self.now)
    }
    let old = try message(
      "1789999900", signature: key.subscribeSignature(timestamp: "1789999900"))
    #expect(throws: DoorRefusal.staleTimestamp) {
      try doorkeeper.admit(subscription: old, now: Self.now)
    }
    let open = try JSONValue(parsing: Array(#"{"type":"subscribe"}"#.utf8))
    #expect(throws: DoorRefusal.incomplete) {
      try doorkeeper.admit(subscription: open, now: Self.now)
    }
  }

  // MARK: - What needs no key, and what a key may do

  @Test(
    "What is public needs no key",
    arguments: [
      "/api/v3/brokerage/time", "/api/v3/brokerage/market/products",
      "/api/v3/brokerage/market/products/BTC-USD/candles?granularity=ONE_HOUR", "/time",
      "/products", "/products/BTC-USD/book?level=2", "/currencies", "/v2/currencies",
    ])
  func isPublic(target: String) throws {
    var doorkeeper = doorkeeper()
    let visitor = try doorkeeper.admit(
      request(.get, target), now: Self.now, countedAt: Self.now)
    #expect(visitor.key == nil)
    #expect(visitor.permissions.canTrade == false)
    // A wrong token where none is wanted is not looked at.
    #expect(refusal(request(.get, target, ["Authorization": "Bearer x"])) == nil)
  }

  @Test(
    "Everything else needs one, what nobody knows too",
    arguments: [
      ("/api/v3/brokerage/products", DoorRefusal.unauthorized),
      ("/api/v3/brokerage/accounts", .unauthorized), ("/api/v3/brokerage", .unauthorized),
      ("/api/v3/brokerage/timer", .unauthorized), ("/accounts", .incomplete),
      ("/orders", .incomplete), ("/fills", .incomplete), ("/", .incomplete), ("/api", .incomplete),
    ])
  func isPrivate(target: String, expected: DoorRefusal) {
    #expect(refusal(request(.get, target)) == expected)
  }

  @Test func `a key does what it may and nothing else`() throws {
    let rights = [
      (KeyPermissions(), true, true), (KeyPermissions(canTrade: false), true, false),
      (KeyPermissions(canView: false), false, true),
      (KeyPermissions(canView: false, canTrade: false), false, false),
    ]
    for (permissions, views, trades) in rights {
      let credentials = SandboxCredentials(permissions: permissions)
      for (method, path, isAllowed) in [
        (HTTPMethod.get, "accounts", views), (.post, "orders", trades),
        (.post, "orders/batch_cancel", trades), (.post, "orders/edit", trades),
        (.post, "orders/preview", views), (.delete, "orders", trades),
      ] {
        let path = "/api/v3/brokerage/\(path)"
        let token = try token(
          .ed25519, uri: "\(method.rawValue) \(Self.host)\(path)", from: credentials)
        let asked = request(method, path, ["Authorization": "Bearer \(token)"])
        #expect(
          refusal(asked, of: credentials) == (isAllowed ? nil : .missingScope), "\(method) \(path)")
      }
      let message = try token(.ed25519, uri: nil, from: credentials)
      let doorkeeper = doorkeeper(credentials)
      let viewer = try? doorkeeper.admit(token: message, now: Self.now)
      #expect((viewer != nil) == views)
      let key = try #require(HMACKey(credentials.exchange.secret))
      for (method, isAllowed) in [(HTTPMethod.get, views), (.post, trades), (.delete, trades)] {
        let signature = key.signature(
          timestamp: "1790000000", method: method.rawValue, path: "/orders", body: [])
        let asked = request(
          method, "/orders",
          [
            "CB-ACCESS-KEY": credentials.exchange.key, "CB-ACCESS-SIGN": signature,
            "CB-ACCESS-TIMESTAMP": "1790000000",
            "CB-ACCESS-PASSPHRASE": credentials.exchange.passphrase.reveal(),
          ])
        #expect(refusal(asked, of: credentials) == (isAllowed ? nil : .forbidden), "\(method)")
      }
    }
    let body = String(decoding: DoorRefusal.missingScope.response.body, as: UTF8.self)
    #expect(DoorRefusal.missingScope.response.status == 403)
    #expect(
      body
        == #"{"error":"PERMISSION_DENIED","error_details":"Missing required scopes","#
        + #""message":"Missing required scopes"}"#)
  }
}
