import Market

extension FaultPlan {
  /// A plan by chance: each seed switches some kinds on, others off, and makes some frequent.
  ///
  /// One seed in eight has no faults at all, so that what goes wrong then has another reason. Sessions of
  /// a few days of the data meet most of what is on.
  ///
  /// - Parameters:
  ///   - seed: The same seed gives the same plan.
  ///   - kinds: What may be in it.
  /// - Returns: The plan.
  package static func random(
    seed: UInt64, of kinds: [FaultKind] = FaultKind.allCases
  ) -> FaultPlan {
    var random = FaultRandom(seed: OrderName.mixed(seed ^ 0xFA_17))
    var plan = FaultPlan()
    plan.seed = seed
    plan.patience = TimeSpan(seconds: 5)
    // Most who were away for a long time have missed a few candles, some an hour or two.
    let most = [0, 4, 12, 60].randomElement(using: &random) ?? 0
    plan.away = 0...most
    guard Int.random(in: 0..<8, using: &random) > 0 else { return plan }
    // Few kinds at once find out who breaks what, many at once how they meddle with each other.
    let share = [0.15, 0.35, 0.7].randomElement(using: &random) ?? 0.35
    let first = FaultKind.allCases.filter { !Self.later.contains($0) }
    plan.draw(first, of: kinds, share: share, from: &random)
    var other = FaultRandom(seed: OrderName.mixed(seed ^ 0xFA_18))
    plan.draw(Self.later, of: kinds, share: share, from: &other)
    return plan
  }

  /// Kinds that there were not from the first: they are drawn by themselves and stand behind the others, so
  /// that of these a seed gives what it gave before.
  private static let later: [FaultKind] = [.stopFailed, .fillsLate, .candlesLate]

  /// Adds a rule of each of the kinds that is on.
  private mutating func draw(
    _ all: [FaultKind], of kinds: [FaultKind], share: Double, from random: inout FaultRandom
  ) {
    for kind in all {
      let isOn = Double.random(in: 0..<1, using: &random) < share
      let rule = FaultRule(kind, drawnFrom: &random)
      if isOn, kinds.contains(kind) { rules.append(rule) }
    }
  }
}

extension FaultRule {
  /// A rule whose values come by chance.
  fileprivate init(_ kind: FaultKind, drawnFrom random: inout FaultRandom) {
    self.init(kind)
    /// A chance in thousandths, rather small than great.
    func chance(_ thousandths: [Int64]) -> Rate {
      Rate(
        steps: (thousandths.randomElement(using: &random) ?? 1) * (Rate.one.steps / 1000))
    }
    func hours(_ range: ClosedRange<Int64>) -> TimeSpan {
      TimeSpan(seconds: Int64.random(in: range, using: &random) * 3600)
    }
    switch kind {
    case .latency:
      self.chance = chance([5, 20, 100])
      delay =
        [.seconds(0.05, 1), .seconds(0.5, 5), .seconds(1, 200)]
        .randomElement(using: &random) ?? delay
    case .rateLimited, .unauthorized, .serverError, .lostAnswer, .cutAnswer:
      self.chance = chance([5, 20, 80])
    case .messageDropped:
      self.chance = chance([1, 5])
      messages = 1...3
      isHidden = Bool.random(using: &random)
    case .messageDelayed, .messageRepeated, .messageReordered: self.chance = chance([1, 5])
    case .sequenceGap: self.chance = chance([1, 3])
    case .socketDropped, .socketSilent: self.chance = chance([1, 2])
    case .cancelFilled: self.chance = chance([20, 100])
    case .cancelLate, .orderPending: self.chance = chance([50, 200, 500])
    case .holdLate, .creditLate: self.chance = chance([100, 300, 1000])
    case .partialFill: self.chance = chance([50, 200, 500])
    case .stopRefused:
      self.chance = chance([20, 100])
      let choices: [[Form]] = [
        [.through], [.unknown], [.through, .unknown], [.tooFar], [.through, .unknown, .tooFar],
      ]
      forms = choices.randomElement(using: &random) ?? forms
      // So near that a gap or an absence is enough, and then as a rule of the exchange's.
      beyond = Rate(steps: Rate.one.steps / 50)
      if forms == [.tooFar] { self.chance = .one }
    case .stopUnfilled: self.chance = chance([100, 300, 1000])
    case .stopFailed:
      self.chance = chance([20, 100])
      delay = [.seconds(0, 5), .seconds(5, 60)].randomElement(using: &random) ?? delay
    case .fillsLate, .candlesLate:
      self.chance = chance([100, 300, 1000])
      delay = [.seconds(1, 10), .seconds(10, 60)].randomElement(using: &random) ?? delay
    case .exitMinimums: break
    case .clockSkew: every = hours(6...24)
    case .productHalted: every = hours(6...24)
    case .restart, .maintenance: every = hours(8...36)
    case .balanceMoved: every = hours(8...36)
    }
  }
}
