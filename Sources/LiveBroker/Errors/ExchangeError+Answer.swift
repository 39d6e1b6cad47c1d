import JSON
package import Market
import Network

extension ExchangeError {
  /// Reads an answer whose status says that something is wrong.
  ///
  /// The body may be anything, a page of a proxy included; no more than a few words of a JSON body are
  /// kept, and nothing of another.
  init(_ answer: HTTPAnswer, to request: ExchangeRequest, of api: ExchangeAPI) {
    let body = ErrorBody(answer)
    let problem: Problem
    switch answer.status {
    case 401 where body.isAboutLimits, 403 where body.isAboutLimits, 429:
      problem = .rateLimited(answer.retryAfter)
    case 401: problem = .unauthorized(body.words(or: "Unauthorized"))
    case 403: problem = .forbidden(body.words(or: "forbidden"))
    case 404 where body.saysNotFound: problem = .notFound(body.words(or: "not found"))
    case 400, 422:
      let refusal = OrderRefusal(
        reasons: body.reasons, message: body.message, details: body.details)
      // The Exchange refuses orders so, in words alone; a name alone is no reason to think of one.
      let isRefusal = request.repetition == .lookUpFirst && refusal.kind != .other
      problem = isRefusal ? .refused(refusal) : .invalid(body.words(or: "bad request"))
    case 408, 500...599: problem = .unavailable(status: answer.status)
    default: problem = .unexpected(status: answer.status)
    }
    self.init(request: request, problem: problem)
  }
}

/// What a body of an error says, if it says anything.
private struct ErrorBody {
  var reasons: [String] = []
  var message = ""
  var details = ""
  var isAboutLimits = false
  /// Whether the exchange itself does not find what was asked for, in its own words (A.11, B.2).
  ///
  /// A proxy that does not find the exchange has a page for that, or says no more than "Not Found": nothing
  /// is known of the order then.
  var saysNotFound = false

  init(_ answer: HTTPAnswer) {
    guard let value = try? JSONValue(parsing: answer.body, limits: Self.limits),
      value.kind == .object
    else {
      // A word of text, never a page.
      let text = String(decoding: answer.body.prefix(200), as: UTF8.self)
      isAboutLimits = Self.speaksOfLimits(text)
      let isWord = answer.body.count <= 80 && !text.contains("<") && !text.contains("{")
      message = isWord ? text.plainLine() : ""
      return
    }
    let first = value["errors"].flatMap { errors in errors.elements.first { _ in true } }
    reasons = [value["error"], first?["id"]].compactMap { $0?.string?.plainLine() }
    message = (value["message"]?.string ?? first?["message"]?.string ?? "").plainLine()
    details = (value["error_details"]?.string ?? "").plainLine()
    isAboutLimits = ([message, details] + reasons).contains(where: Self.speaksOfLimits)
    saysNotFound =
      reasons.contains("NOT_FOUND") || [message, details].contains(where: Self.namesWhatIsMissing)
  }

  /// "NotFound" are the Exchange's words for anything; what has a slash in it speaks of a path.
  private static func namesWhatIsMissing(_ text: String) -> Bool {
    let words = text.lowercased()
    guard words != "notfound" else { return true }
    return words.contains("not found") && !words.contains("/")
      && ["order", "product", "account"].contains { words.contains($0) }
  }

  /// A page of a proxy is not read at length.
  private static let limits = JSONLimits(bytes: 65_536, depth: 16, values: 4096)

  private static func speaksOfLimits(_ text: String) -> Bool {
    let text = text.lowercased()
    return ["rate limit", "rate_limit", "too many requests", "slow down"].contains {
      text.contains($0)
    }
  }

  func words(or otherwise: String) -> String {
    let words = [message, details == message ? "" : details, reasons.joined(separator: ", ")]
      .filter { !$0.isEmpty }
    return words.isEmpty ? otherwise : words.joined(separator: "; ")
  }
}

extension HTTPAnswer {
  /// How long the exchange asks to wait, by either of its headers: seconds.
  ///
  /// `retry-after` as a date is not read: a wait that is not understood is none, and the backoff counts.
  package var retryAfter: TimeSpan? {
    for name in ["retry-after", "x-ratelimit-reset", "ratelimit-reset"] {
      // Beyond an hour it is a moment since 1970, or nonsense.
      guard let text = header(name), let seconds = try? Money(text), (0...3600).contains(seconds)
      else { continue }
      return TimeSpan(nanoseconds: Int64(seconds.steps / 1_000_000_000))
    }
    return nil
  }
}
