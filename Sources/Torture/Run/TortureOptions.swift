import Glibc

/// What a command line asks for.
package struct TortureOptions: Hashable, Sendable {
  /// The first seed.
  package var firstSeed: UInt64 = 1
  /// How many seeds; with `minutes`, at most.
  package var seeds: UInt64 = 20
  /// How many are played at once: most of them wait for something that was to go wrong.
  package var jobs = 8 * max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  /// After how many minutes no other seed is begun.
  package var minutes: Double?
  /// The runner.
  package var runner = ".build/release/runner"
  /// Where the files of a seed go.
  package var folder = Folder.standard
  /// Whether the plans are shown and nothing is played.
  package var showsPlans = false
  /// Whether each seed's folder is kept.
  package var keeps = false
  /// Whether the exchange is a good one, without faults.
  package var isCalm = false
  /// Whether it is the storm that is played, and no seeds.
  package var isStorm = false
  /// After how much news the storm cuts the sockets off.
  package var cutsEvery = 10
  /// Whether each seed is told of.
  package var isVerbose = false

  /// What the words ask for.
  ///
  /// - Throws: `UsageFault` with what is wrong.
  package init(_ words: [String]) throws(UsageFault) {
    var rest = words[...]
    func number<Number: LosslessStringConvertible & Comparable>(
      _ word: String, atLeast least: Number
    ) throws(UsageFault) -> Number {
      guard let text = rest.popFirst(), let value = Number(text), value >= least else {
        throw UsageFault("\(word) takes a number from \(least)")
      }
      return value
    }
    var hasSeeds = false
    while let word = rest.popFirst() {
      switch word {
      case "--seeds":
        seeds = try number(word, atLeast: 1)
        hasSeeds = true
      case "--first-seed": firstSeed = try number(word, atLeast: 0)
      case "--jobs": jobs = try number(word, atLeast: 1)
      case "--minutes":
        let count: Double = try number(word, atLeast: 0)
        guard count > 0, count <= Self.mostMinutes else {
          throw UsageFault("\(word) takes a number above 0, at most \(Int(Self.mostMinutes))")
        }
        minutes = count
      case "--runner", "--folder":
        guard let path = rest.popFirst() else { throw UsageFault("\(word) takes a path") }
        if word == "--runner" { runner = path } else { folder = path }
      case "--calm": isCalm = true
      case "--storm": isStorm = true
      case "--every": cutsEvery = try number(word, atLeast: 1)
      case "--plan": showsPlans = true
      case "--keep": keeps = true
      case "--verbose": isVerbose = true
      default: throw UsageFault("there is no option '\(word)'")
      }
    }
    if minutes != nil, !hasSeeds { seeds = .max - firstSeed }
    guard seeds > 0, !firstSeed.addingReportingOverflow(seeds).overflow else {
      throw UsageFault("the last seed is \(UInt64.max - 1): begin earlier, or play fewer")
    }
  }

  /// A year.
  private static let mostMinutes = 525_600.0

  static let help = """
    usage: scripts/torture [--seeds N] [--first-seed K] [--minutes M] [--jobs J]
                           [--folder DIR] [--calm] [--keep] [--plan] [--verbose]
                           [--runner FILE]

    Plays sessions of one to four days of the market on a local exchange. They are
    killed, or told to end, at random, and steered by the runner's commands: halt,
    resume, force-exit, cancel, breaker reset. What came of it is compared with the
    exchange's own books. Exit code 1 where something is violated; the seed's folder
    is kept then, and the command that repeats it shown.

      --seeds N       how many; 20 if not given, with --minutes as many as there is time for
      --first-seed K  the first one; 1 if not given
      --minutes M     begin no seed after so many minutes
      --jobs J        how many at once; eight for each processor, since most of them wait
      --folder DIR    where their files go; memory (/dev/shm) where there is some
      --calm          no faults at the exchange, only kills and commands
      --keep          keep the files of seeds that pass, too
      --plan          show what the seeds mean, and play nothing
      --verbose       a line for each seed, with what went wrong in it on purpose
      --runner FILE   the program under test; .build/release/runner if not given

    scripts/torture --storm [--every N]: 24 hours of the market in which every socket is
    cut off each time that N things were told (10 if not given). The session's memory
    and open files must be the same at the end, and its fills those of a run that
    nobody disturbs.
    """
}

/// What is wrong with a command line.
package struct UsageFault: Error, Hashable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
