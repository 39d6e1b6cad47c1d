import Market

/// SplitMix64: every number follows from the seed, on every platform.
struct FaultRandom: RandomNumberGenerator, Hashable, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return OrderName.mixed(state)
  }
}

/// Decides for one rule when it strikes, and how hard.
struct FaultDice: Hashable, Sendable {
  let rule: FaultRule
  private var random: FaultRandom
  private var played = 0
  /// The chance as a part of all that a generator gives.
  private let threshold: UInt64?

  /// The dice of a rule, by its place in a plan: what other rules do does not move them.
  init(_ rule: FaultRule, place: Int, seed: UInt64) {
    self.rule = rule
    random = FaultRandom(
      seed: OrderName.mixed(seed) ^ OrderName.mixed(UInt64(truncatingIfNeeded: place + 1)))
    threshold = rule.chance == .one ? nil : UInt64(rule.chance.double * 0x1p64)
  }

  /// Whether it strikes on this occasion.
  mutating func strikes() -> Bool {
    if let most = rule.most, played >= most { return false }
    if let threshold, random.next() >= threshold { return false }
    played += 1
    return true
  }

  mutating func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }

  mutating func draw(_ range: ClosedRange<TimeSpan>) -> TimeSpan {
    TimeSpan(
      nanoseconds: .random(
        in: range.lowerBound.nanoseconds...range.upperBound.nanoseconds, using: &random))
  }

  /// How long what the rule does lasts this time.
  mutating func drawDelay() -> TimeSpan { rule.tail?.draw(using: &random) ?? draw(rule.delay) }

  mutating func draw(_ range: ClosedRange<Money>) -> Money {
    // In millionths: what is drawn is to be read by people.
    let step: Int128 = 1_000_000_000_000
    let (low, high) = (range.lowerBound.steps / step, range.upperBound.steps / step)
    guard let width = UInt64(exactly: high - low), width > 0 else { return range.lowerBound }
    return Money(steps: (low + Int128(UInt64.random(in: 0...width, using: &random))) * step)
  }

  /// One of several, or the standard where there are none.
  mutating func pick<Item>(_ items: [Item], otherwise standard: Item) -> Item {
    items.randomElement(using: &random) ?? standard
  }

  /// How long it is to the next one, where they come about so often: from a half to one and a half.
  mutating func interval(_ mean: TimeSpan) -> TimeSpan {
    let half = mean.nanoseconds / 2
    return TimeSpan(
      nanoseconds: .random(in: max(1, half)...(half + mean.nanoseconds), using: &random))
  }
}

/// The dice of several rules.
struct FaultSet: Hashable, Sendable {
  private(set) var dice: [FaultDice] = []

  /// Those of the plan's rules that a place plays.
  init(_ plan: FaultPlan, _ kinds: Set<FaultKind>) {
    for (place, rule) in plan.rules.enumerated() where kinds.contains(rule.kind) {
      dice.append(FaultDice(rule, place: place, seed: plan.seed))
    }
  }

  var isEmpty: Bool { dice.isEmpty }

  /// The places of the rules of a kind that strike now, of those that fit.
  mutating func struck(
    _ kind: FaultKind, where fits: (FaultRule) -> Bool = { _ in true }
  ) -> Int? {
    for index in dice.indices where dice[index].rule.kind == kind && fits(dice[index].rule) {
      if dice[index].strikes() { return index }
    }
    return nil
  }

  /// Lets the dice at a place decide more.
  subscript(place: Int) -> FaultDice {
    get { dice[place] }
    set { dice[place] = newValue }
  }
}
