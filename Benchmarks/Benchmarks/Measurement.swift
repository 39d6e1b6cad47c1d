import Foundation
import Reference

/// One thing to measure: how many units of work a call does, and the call.
struct Subject {
  let name: String
  let units: Int
  /// Does the work once; the result is consumed, so that it is really done.
  let work: () throws -> Int
}

/// What a subject took, a unit, over many rounds.
struct Measurement {
  let name: String
  /// Nanoseconds a unit, in the sequence of the rounds.
  let rounds: [Double]
  /// Requests for memory a unit, in one round.
  let allocations: Double

  var minimum: Double { rounds.min() ?? .nan }
  var median: Double { rounds.median }

  /// How many times the reference it takes: the median over rounds of what both took in the round.
  ///
  /// Whatever slows the machine down slows neighbours down alike, so this holds still where the
  /// times themselves do not.
  func ratio(to reference: Measurement) -> Double {
    zip(rounds, reference.rounds).map { $0 / $1 }.median
  }

  /// Measures all subjects, each once a round, in turn.
  static func all(_ subjects: [Subject], rounds count: Int) throws -> [Measurement] {
    var times = subjects.map { _ in [Double]() }
    var sink = 0
    // The first round warms caches and counts allocations.
    let allocations = try subjects.map { subject in
      let before = reference_allocations()
      sink &+= try subject.work()
      return Double(reference_allocations() - before) / Double(subject.units)
    }
    for _ in 0..<count {
      for (index, subject) in subjects.enumerated() {
        let start = threadTime()
        sink &+= try subject.work()
        times[index].append((threadTime() - start) / Double(subject.units))
      }
    }
    precondition(sink != .min, "never so; it keeps the work from being left out")
    return zip(subjects, zip(times, allocations)).map {
      Measurement(name: $0.name, rounds: $1.0, allocations: $1.1)
    }
  }

  /// The nanoseconds that this thread has run: others on the machine do not count.
  private static func threadTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}

extension [Double] {
  /// The one in the middle, the upper of two.
  var median: Double { isEmpty ? .nan : sorted()[count / 2] }
}
