import JSON
import Market
import Network

/// What becomes of one request.
struct RequestFate: Sendable {
  /// How long it is on its way.
  var delayBefore: TimeSpan?
  /// How long its answer is on its way.
  var delayAfter: TimeSpan?
  /// What comes in place of an answer.
  var ending = Ending.answer
  /// What is played, for the log.
  var played: [(kind: FaultKind, what: String)] = []

  enum Ending: Sendable {
    /// The exchange's own.
    case answer
    /// Another, and the request takes no effect.
    case refused(HTTPResponse)
    /// Another, though the request took effect.
    case replaced(HTTPResponse)
    /// None: the connection is closed, before the request takes effect.
    case lostBefore
    /// None: the connection is closed, after it took effect.
    case lostAfter
    /// So many thousandths of the exchange's own; then the connection breaks.
    case cut(Int)
  }
}

/// Decides what becomes of requests.
struct RequestFaults: Sendable {
  private static let kinds: Set<FaultKind> = [
    .latency, .rateLimited, .unauthorized, .serverError, .lostAnswer, .cutAnswer,
  ]
  private var dice: FaultSet

  init(_ plan: FaultPlan) { dice = FaultSet(plan, Self.kinds) }

  /// The fate of a request; of several endings that strike, the first counts.
  mutating func fate(of request: HTTPRequest) -> RequestFate {
    var fate = RequestFate()
    guard !dice.isEmpty else { return fate }
    let group = RequestGroup(request)
    let name = "\(request.method.rawValue) \(request.path)"
    for place in dice.dice.indices {
      let rule = dice[place].rule
      guard rule.requests.isEmpty || rule.requests.contains(group) else { continue }
      if rule.kind != .latency, case .answer = fate.ending {
      } else if rule.kind != .latency {
        continue
      }
      guard dice[place].strikes() else { continue }
      fate.played.append((rule.kind, "\(name): \(decide(place, request, &fate))"))
    }
    return fate
  }

  /// Lets a rule strike, and says what it does.
  private mutating func decide(
    _ place: Int, _ request: HTTPRequest, _ fate: inout RequestFate
  ) -> String {
    let rule = dice[place].rule
    let api = RequestKind(request).api
    var isAfter = rule.effect == .after
    if rule.effect == .either { isAfter = dice[place].pick([false, true], otherwise: false) }
    let when = isAfter ? "after the effect" : "before the effect"
    switch rule.kind {
    case .latency:
      let delay = dice[place].drawDelay()
      if isAfter { fate.delayAfter = delay } else { fate.delayBefore = delay }
      return "\(FaultText.text(delay)) \(when)"
    case .rateLimited:
      let form = dice[place].pick(rule.forms, otherwise: .json)
      fate.ending = .refused(FaultAnswer.tooMany(form, api))
      return "as \(form.rawValue)"
    case .unauthorized:
      fate.ending = .refused(FaultAnswer.unauthorized(api))
      return "401"
    case .serverError:
      let form = dice[place].pick(rule.forms, otherwise: .html)
      let status = dice[place].pick([500, 502, 503], otherwise: 503)
      let answer = FaultAnswer.serverError(status, form, api)
      fate.ending = isAfter ? .replaced(answer) : .refused(answer)
      return "\(status) as \(form.rawValue) \(when)"
    case .lostAnswer:
      fate.ending = isAfter ? .lostAfter : .lostBefore
      return when
    case .cutAnswer:
      let part = dice[place].draw(0...999)
      fate.ending = .cut(part)
      return "after \(part) thousandths of the body"
    case .messageDropped, .messageDelayed, .messageRepeated, .messageReordered, .sequenceGap,
      .socketDropped, .socketSilent, .cancelFilled, .cancelLate, .holdLate, .creditLate,
      .partialFill, .orderPending, .stopRefused, .stopUnfilled, .stopFailed, .exitMinimums,
      .fillsLate, .candlesLate, .clockSkew, .productHalted, .restart, .maintenance, .balanceMoved:
      preconditionFailure("\(rule.kind) does not concern requests")
    }
  }
}

/// Answers that are not the exchange's own.
enum FaultAnswer {
  /// Too many requests, in the shapes in which that has been seen; coinbase.md A.11 and C.3.
  static func tooMany(_ form: FaultRule.Form, _ api: Visitor.API) -> HTTPResponse {
    switch form {
    case .json, .text, .closed, .through, .unknown, .tooFar:
      (api == .advanced ? DoorRefusal.tooManyRequests : .privateLimit).response
    case .html: page(429, "Too Many Requests")
    case .unauthorized: unauthorized(api)
    }
  }

  static func unauthorized(_ api: Visitor.API) -> HTTPResponse {
    (api == .advanced ? DoorRefusal.unauthorized : .wrongSignature).response
  }

  /// 500, 502 or 503.
  static func serverError(
    _ status: Int, _ form: FaultRule.Form, _ api: Visitor.API
  ) -> HTTPResponse {
    let words = [500: "Internal server error", 502: "Bad Gateway", 503: "Service Unavailable"]
    let text = words[status] ?? "Error"
    switch form {
    case .html, .unauthorized, .closed, .through, .unknown, .tooFar: return page(status, text)
    case .text: return plain(status, text)
    case .json:
      return api == .advanced
        ? AdvancedAnswer.error(status, "INTERNAL", text, details: text)
        : ExchangeAnswer.error(status, text)
    }
  }

  static func plain(_ status: Int, _ text: String) -> HTTPResponse {
    HTTPResponse(
      status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array("\(text)\n".utf8))
  }

  static func page(_ status: Int, _ text: String) -> HTTPResponse {
    HTTPResponse(
      status, headers: ["Content-Type": "text/html; charset=utf-8"],
      body: Array(
        """
        <html><head><title>\(status) \(text)</title></head>
        <body><center><h1>\(status) \(text)</h1></center><hr></body></html>

        """.utf8))
  }

  /// No answer at all: the connection is closed.
  static let none: HTTPResponse = {
    var response = HTTPResponse(200)
    response.delivery = .cut(after: 0)
    return response
  }()
}
