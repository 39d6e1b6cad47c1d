import Simulator

/// What operators do in a seed.
extension TorturePlan {
  /// Draws it.
  ///
  /// - Parameters:
  ///   - seed: The seed: what is drawn here changes nothing else of its plan.
  ///   - pairs: How many pairs there are.
  ///   - events: How much news there is about.
  ///   - ends: How often the session is to be ended.
  ///   - hasBreaker: Whether there is one that could trip.
  /// - Returns: What is done; in some seeds nothing is.
  static func acts(
    seed: UInt64, pairs: Int, events: Int, ends: Int, hasBreaker: Bool
  ) -> [OperatorAct] {
    var random = SplitMix64(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ 0x6F70_6572)
    guard random.happens(0.6) else { return [] }
    var acts: [OperatorAct] = []
    func occasion() -> OperatorAct.Occasion {
      if ends > 0, random.happens(0.25) {
        return .afterEnd(Int.random(in: 1...ends, using: &random))
      }
      return .atEvent(Int.random(in: 0..<events, using: &random))
    }
    func add(_ verb: OperatorAct.Verb, _ occasion: OperatorAct.Occasion) {
      acts.append(OperatorAct(verb, occasion, isAwaited: random.happens(0.5)))
    }
    if random.happens(0.6) {
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        let pair = random.happens(0.5) ? nil : Int.random(in: 0..<pairs, using: &random)
        let begin = occasion()
        add(.halt(pair: pair), begin)
        // Some forget it; some let all entries go on, whatever they have halted.
        guard random.happens(0.9) else { continue }
        let whole = random.happens(0.3) ? nil : pair
        let from =
          if case .atEvent(let count) = begin { count } else {
            Int.random(in: 0..<events, using: &random)
          }
        let length = events * [2, 5, 15].picked(&random) / 100
        add(.resume(pair: whole), .atEvent(from + length))
      }
    }
    if random.happens(0.6) {
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        add(
          .forceExit(
            choice: Int.random(in: 0..<pairs, using: &random),
            distance: [-100, -20, 0, 10, 50].picked(&random)), occasion())
      }
    }
    if random.happens(0.6) {
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        add(.cancelEntry(choice: Int.random(in: 0..<pairs, using: &random)), occasion())
      }
    }
    if hasBreaker, random.happens(0.7) {
      add(.resetBreaker, .atEvent(Int.random(in: 0..<events / 2, using: &random)))
      if random.happens(0.5) { add(.resetBreaker, .atEvent(events / 2)) }
    }
    return acts
  }
}
