import Foundation

/// How long one unit of work takes, over many rounds of it.
struct Measurement {
  /// Nanoseconds a unit, sorted.
  let rounds: [Double]

  /// Times `work` until the rounds are enough; its result is consumed, so that it is really done.
  init(units: Int, rounds count: Int, _ work: () throws -> Int) rethrows {
    var rounds: [Double] = []
    var sink = try work()  // The first round warms caches and is not counted.
    for _ in 0..<count {
      let start = ContinuousClock.now
      sink &+= try work()
      let time = ContinuousClock.now - start
      let nanoseconds =
        Double(time.components.seconds) * 1e9 + Double(time.components.attoseconds) / 1e9
      rounds.append(nanoseconds / Double(units))
    }
    precondition(sink != .min, "never so; it keeps the work from being left out")
    self.rounds = rounds.sorted()
  }

  var minimum: Double { rounds.first ?? .nan }
  var median: Double { rounds.isEmpty ? .nan : rounds[rounds.count / 2] }

  /// One line: minimum, median, units a second, and the median as a multiple of a reference.
  func line(_ name: String, per unit: String, reference: Measurement? = nil) -> String {
    let ratio = reference.map { String(format: "%6.2f × C", median / $0.median) } ?? ""
    let perSecond = 1e3 / median
    let padded = name.padding(toLength: 34, withPad: " ", startingAt: 0)
    return padded
      + String(
        format: "%9.2f ns min %9.2f ns median a %@ %9.2f M/s  ", minimum, median, unit, perSecond)
      + ratio
  }
}
