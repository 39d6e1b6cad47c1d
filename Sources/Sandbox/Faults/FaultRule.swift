package import Market

/// One kind of fault, with when it strikes and how.
///
/// Of the properties only those count that `kind.keys` lists.
package struct FaultRule: Hashable, Sendable {
  /// Before the request takes effect, or after it.
  package enum Effect: String, Hashable, Sendable, CaseIterable {
    case before, after, either
  }

  /// What an answer looks like that is not the exchange's own.
  package enum Form: String, Hashable, Sendable, CaseIterable {
    case json, html, text, unauthorized, closed
    /// A refusal of a stop as though the market were through it.
    case through
    /// A refusal in words that say nothing.
    case unknown
    /// A refusal of a limit as too far away from the market.
    case tooFar = "too_far"
  }

  /// How much still works.
  package enum Mode: String, Hashable, Sendable, CaseIterable {
    case closed
    case cancelOnly = "cancel_only"
  }

  /// What goes wrong.
  package var kind: FaultKind
  /// How often, of the occasions.
  package var chance: Rate = .one
  /// How many times at most.
  package var most: Int?
  /// Which requests it concerns; all where none are named.
  package var requests: [RequestGroup] = []
  /// Which messages it concerns; all where none are named.
  package var channels: [FeedTopic] = []
  /// Before the effect or after it.
  package var effect = Effect.either
  /// What answers look like; one of several by chance.
  package var forms: [Form] = []
  /// How long, in the data's time: something in this range, each span in it as likely as another.
  package var delay: ClosedRange<TimeSpan> = .nothing ... .nothing {
    didSet { tail = nil }
  }
  /// How long, where most are short and a few very long; `delay` is what they are between, then.
  package private(set) var tail: FaultTail?
  /// So many requests still see the old state, however far the data's time has come.
  package var seen: ClosedRange<Int>?
  /// How many messages.
  package var messages = 1...1
  /// Whether what is dropped leaves no gap in the numbers.
  package var isHidden = false
  /// How much of an order, or of a balance.
  package var portion: ClosedRange<Money> = 1...1
  /// How far a limit is from the market's price when it is too far, as a share of that.
  package var beyond = Rate.one
  /// When, since the data's beginning.
  package var at: [TimeSpan] = []
  /// How long it is from one to the next on average.
  package var every: TimeSpan?
  /// How long it lasts, in the data's time.
  package var span: ClosedRange<TimeSpan> = .nothing ... .nothing
  /// How far the clock is off.
  package var skew: ClosedRange<TimeSpan> = .nothing ... .nothing
  /// How much still works; one of several by chance.
  package var modes: [Mode] = []
  /// Whose balance; by chance where none is named.
  package var currency: String?
  /// How much of it comes; a share of what is there where it is not said.
  package var amount: ClosedRange<Money>?

  /// Makes delays ones with a tail.
  package mutating func setDelay(_ tail: FaultTail) {
    delay = .nothing...tail.longest
    self.tail = tail
  }

  /// A rule with the kind's standard values.
  package init(_ kind: FaultKind) {
    self.kind = kind
    forms = kind.forms
    switch kind {
    case .latency: delay = .seconds(0.1, 3)
    case .messageDelayed: delay = .seconds(1, 30)
    case .restart:
      span = .seconds(60, 600)
      seen = 0...3
    case .maintenance:
      modes = [.closed, .cancelOnly]
      span = .seconds(600, 3600)
      seen = 0...5
    case .messageReordered, .sequenceGap: messages = 1...3
    case .cancelFilled, .partialFill: portion = 0...1
    case .cancelLate: (delay, seen) = (.seconds(0, 5), 1...4)
    case .holdLate: (delay, seen) = (.seconds(0, 5), 1...6)
    case .creditLate: (delay, seen) = (.seconds(0, 20), 1...6)
    case .orderPending: (delay, seen) = (.seconds(0, 5), 1...4)
    case .stopRefused: (forms, beyond) = ([.through], Rate(steps: Rate.one.steps / 10))
    case .stopUnfilled: delay = .seconds(60, 1800)
    case .stopFailed: delay = .seconds(0, 5)
    case .fillsLate: (delay, seen) = (.seconds(0, 20), 1...6)
    case .candlesLate: (delay, seen) = (.seconds(0, 60), 1...6)
    case .clockSkew: (span, skew) = (.seconds(600, 7200), .seconds(-40, 40))
    case .productHalted:
      modes = [.closed, .cancelOnly]
      span = .seconds(600, 7200)
    case .balanceMoved: portion = Money(percent: -30)...Money(percent: 30)
    case .rateLimited, .unauthorized, .serverError, .lostAnswer, .cutAnswer, .messageDropped,
      .messageRepeated, .socketDropped, .socketSilent, .exitMinimums:
      break
    }
  }
}

extension TimeSpan {
  static let nothing = TimeSpan(nanoseconds: 0)
}

extension ClosedRange<TimeSpan> {
  static func seconds(_ least: Double, _ most: Double) -> Self {
    TimeSpan(nanoseconds: Int64(least * 1e9))...TimeSpan(nanoseconds: Int64(most * 1e9))
  }
}

extension Money {
  /// So many hundredths.
  init(percent: Int) { self.init(steps: Int128(percent) * 10_000_000_000_000_000) }
}
