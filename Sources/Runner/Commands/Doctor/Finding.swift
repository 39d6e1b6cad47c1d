import Configuration
import Credentials
import LiveBroker
import Market
import Persistence
import Reporting
import Secrets

/// What was found out about one thing that a live session needs.
struct Finding: Hashable, Sendable {
  /// What it means for a session.
  enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// All is well.
    case ok
    /// A session would begin, and somebody may want to know this before.
    case warning
    /// A session would not begin, or could not do what it has to.
    case problem
    /// Nobody can tell from here.
    case unknown

    fileprivate var label: String {
      switch self {
      case .ok: "ok"
      case .warning: "warn"
      case .problem: "FAIL"
      case .unknown: "?"
      }
    }
  }

  /// What was looked at, such as `clock`.
  let name: String
  /// What it means.
  var verdict: Verdict
  /// What there is, without a full stop.
  let text: String
  /// What to do; `nil` where there is nothing.
  let advice: String?

  /// A finding.
  init(_ name: String, _ verdict: Verdict, _ text: String, advice: String? = nil) {
    self.name = name
    self.verdict = verdict
    self.text = text
    self.advice = advice
  }

  /// The finding that something is in the way.
  init(_ name: String, _ error: any Error) {
    switch error {
    case let defect as AccountDefect:
      self.init(name, .problem, defect.fact, advice: defect.advice)
    case let error as ExchangeError:
      // What is said of a lost answer names the request, and what to do.
      guard case .lost(let words) = error.problem else {
        self.init(name, .problem, "\(error.request): \(error.fact)", advice: error.advice)
        return
      }
      self.init(name, .problem, words)
    case let error as SQLiteError:
      self.init(name, .problem, error.fact, advice: error.advice.map(Self.phrase))
    case let error as WriterLockError:
      self.init(name, .problem, error.fact, advice: Self.phrase(error.advice))
    case let error as CredentialError:
      self.init(name, .problem, error.fact, advice: error.advice.map(Self.phrase))
    case let error as SecretFileError:
      self.init(name, .problem, error.fact, advice: Self.phrase(error.advice))
    default: self.init(name, .problem, "\(error)")
    }
  }

  /// What is found of this machine's clock.
  ///
  /// It is accused of no more than the answer proves, as in a session.
  ///
  /// - Parameters:
  ///   - skew: How far it is off.
  ///   - limit: From where on a session makes no entries.
  ///   - place: Whose clock it was compared with.
  init(_ skew: ClockSkew, limit: TimeSpan, place: String) {
    func seconds(_ span: TimeSpan) -> String { Display.fixed(Double(span.nanoseconds) / 1e9) }
    let name = "clock"
    var text = "\(seconds(skew.size)) s \(skew.side) the clock of \(place)"
    if skew.within >= ClockSkew.noticeable {
      text += ", give or take \(seconds(skew.within)) s: it is slow to answer"
    }
    let advice = "Set the clock, by NTP for example: timedatectl set-ntp true"
    if skew.least > limit {
      self.init(
        name, .problem, "\(text), beyond live.max_clock_skew: entries would wait", advice: advice)
    } else if skew.least >= ClockSkew.noticeable {
      self.init(
        name, .warning, "\(text); a session signs with the exchange's time", advice: advice)
    } else if skew.most > limit {
      self.init(name, .unknown, text, advice: "Ask again when the connection is quicker")
    } else {
      self.init(name, .ok, text)
    }
  }

  /// A sentence without its full stop, as all that is said here.
  private static func phrase(_ sentence: String) -> String {
    sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
  }

  /// As it is printed, 80 columns wide: verdict, name, and what there is to say beside them.
  var lines: [String] {
    let column = 23
    let label = "  " + verdict.label + String(repeating: " ", count: 6 - verdict.label.count) + name
    var lines = HelpText.wrap(text, column)
    if label.count < column, let first = lines.first {
      lines[0] = label + first.dropFirst(label.count)
    } else {
      lines.insert(label, at: 0)
    }
    return lines + (advice.map { HelpText.wrap("-> \($0)", column) } ?? [])
  }

  /// Writes it as an object.
  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("name", name)
    json.member("verdict", verdict.rawValue)
    json.member("text", text)
    json.member("advice", advice)
    json.endObject()
  }
}

extension ExchangeError {
  /// What somebody can do about it who asks before a session begins.
  fileprivate var advice: String? {
    switch problem {
    case .unauthorized:
      "Look in Coinbase's developer portal whether the key is enabled, and whether it is bound to the "
        + "address of another machine"
    case .forbidden: AccountDefect.cannotView.advice
    case .notFound: "Check how the exchange spells it"
    case .rateLimited: "Wait a minute; something else may be using the key"
    case .unavailable: "Try again in a few minutes"
    case .refused, .invalid, .unreadable, .unexpected, .lost: nil
    }
  }
}
