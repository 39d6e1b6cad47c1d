import Market
import Network
import Persistence
import Secrets
import Synchronization

@testable import LiveBroker

/// Stands between a client and the sandbox and loses what it is told to: a fault on the wire, for both
/// sides the same as a real one.
///
/// It speaks TLS with an authority of its own and hands each request on as it came, host and all.
struct LossyDoor: Sendable {
  /// What happens to a request.
  enum Fate: Hashable, Sendable, CaseIterable {
    /// It arrives, and so does its answer.
    case passes
    /// It never arrives; the connection breaks.
    case lost
    /// It arrives; of the answer only a part comes back.
    case answerLost
    /// It never arrives, and a proxy answers in its place.
    case badGateway
    /// It never arrives: too many requests, says a page.
    case tooMany
    /// It arrives, and a proxy answers in its place.
    case badGatewayAfter
    /// The connection breaks, and it arrives when the gate is open: within the time of its signature,
    /// however long the test takes until then.
    case late(Gate)
    /// It arrives a while later than what is asked for after it.
    case slow
    /// It waits until the gate is open.
    case held(Gate)
    /// It arrives at once, and its answer waits until the gate is open.
    case answerHeld(Gate)
    /// It never arrives, and this is said in its place, with status 200.
    case says(String)
    /// It never arrives, and this is said in its place, when the gate is open.
    case saysLate(String, Gate)

    /// Those that lose something.
    static let allCases: [Fate] = [
      .passes, .lost, .answerLost, .badGateway, .tooMany, .badGatewayAfter,
    ]

    /// What Advanced Trade says of an order that it does not take.
    static func refused(_ reason: String) -> Fate {
      .says(
        """
        {"success":false,"error_response":{"error":"\(reason)","message":"no",\
        "error_details":"","preview_failure_reason":"","new_order_failure_reason":"\(reason)"}}
        """)
    }
  }

  let endpoint: Endpoint
  let authority: String

  /// Opens the door.
  ///
  /// - Parameters:
  ///   - sandbox: Where requests go.
  ///   - trust: The sandbox's authority.
  ///   - loop: Runs the sockets.
  ///   - signer: Signs as the client does.
  ///   - fate: Decides on each request, by its number and what it is.
  /// - Returns: The door.
  /// - Throws: `NetworkError`.
  static func open(
    to sandbox: Endpoint, trusting trust: Trust, on loop: EventLoop, signer: RequestSigner,
    _ fate: @escaping @Sendable (Int, HTTPRequest) -> Fate
  ) async throws -> LossyDoor {
    let authority = try CertificateAuthority(name: "Lossy door, throwaway")
    let http = try HTTPClient(on: loop, trusting: trust)
    let count = Tally()
    let server = try await WebServer.start(on: loop, identity: try authority.issue()) { request in
      let number = count.add()
      func pass(_ request: HTTPRequest) async -> HTTPResponse {
        guard let answer = try? await http.send(request, to: sandbox) else {
          return HTTPResponse(502)
        }
        return HTTPResponse(answer.status, headers: answer.headers, body: answer.body)
      }
      switch fate(number, request) {
      case .passes: return await pass(request)
      case .lost: return cut(HTTPResponse(200, body: Array("{}".utf8)), after: 0)
      case .slow:
        try? await Task.sleep(for: .milliseconds(100))
        return await pass(request)
      case .held(let gate):
        await gate.awaitOpening()
        return await pass(request)
      case .answerHeld(let gate):
        let answer = await pass(request)
        await gate.awaitOpening()
        return answer
      case .late(let gate):
        Task {
          await gate.awaitOpening()
          _ = await pass(request.signed(by: signer, for: sandbox))
        }
        return cut(HTTPResponse(200, body: Array("{}".utf8)), after: 0)
      case .answerLost: return cut(await pass(request), after: 20)
      case .badGateway: return HTTPResponse(502, body: Array("<html>Bad gateway</html>".utf8))
      case .badGatewayAfter:
        _ = await pass(request)
        return HTTPResponse(503, body: Array("<html>Unavailable</html>".utf8))
      case .says(let text): return HTTPResponse(200, body: Array(text.utf8))
      case .saysLate(let text, let gate):
        await gate.awaitOpening()
        return HTTPResponse(200, body: Array(text.utf8))
      case .tooMany:
        return HTTPResponse(429, body: Array("<html>Too many requests</html>".utf8))
      }
    }
    return LossyDoor(endpoint: server.endpoint, authority: authority.certificate)
  }

  private static func cut(_ response: HTTPResponse, after count: Int) -> HTTPResponse {
    var response = response
    response.delivery = .cut(after: count)
    return response
  }
}

extension HTTPRequest {
  /// The same request with a signature of this moment.
  fileprivate func signed(by signer: RequestSigner, for endpoint: Endpoint) -> HTTPRequest {
    guard let method = ExchangeRequest.Method(rawValue: method.rawValue) else { return self }
    let request = ExchangeRequest(
      method: method, path: target, body: body, group: .privateData, repetition: .lookUpFirst)
    let signed = signer.headers(
      for: request, host: endpoint.authority, now: .now, nonce: "0123456789abcdef")
    var anew = self
    for header in signed { anew.headers[header.name] = header.value.reveal() }
    return anew
  }

  /// Whether it is an order of Advanced Trade that sells.
  var isSale: Bool {
    method == .post && String(decoding: body, as: UTF8.self).contains("\"SELL\"")
  }
}

/// Holds up what comes until it is opened, once for all.
final class Gate: Hashable, Sendable {
  private let state = Atomic<Bool>(false)

  /// Whether everything passes.
  var isOpen: Bool { state.load(ordering: .acquiring) }

  /// Lets everything pass.
  func open() { state.store(true, ordering: .releasing) }

  /// Lets nothing pass any more.
  func close() { state.store(false, ordering: .releasing) }

  /// Waits until it is open.
  func awaitOpening() async {
    while !isOpen, !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(2))
    }
  }

  static func == (left: Gate, right: Gate) -> Bool { left === right }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// Counts, from any task.
final class Tally: Sendable {
  private let number = Atomic<Int>(0)

  /// How often it was added to.
  var count: Int { number.load(ordering: .relaxed) }

  /// Adds one, and says how many that makes.
  @discardableResult
  func add() -> Int { number.add(1, ordering: .relaxed).newValue }
}
