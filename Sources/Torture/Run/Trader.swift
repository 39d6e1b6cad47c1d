import Glibc
import Locking
import TestKit

/// The session: a process that is killed, or told to end, where the plan says so, and started again each time.
final class Trader: Sendable {
  private struct State {
    var process: ChildProcess?
    var starts = 0
    /// Kills that have not happened yet.
    var left: [TorturePlan.Kill] = []
    /// The signals by which we have ended the process that runs now: a kill may follow a farewell.
    var sent: Set<Int32> = []
    /// Whether it is left alone from now on.
    var isSpared = false
    /// The signal that ends it for good; `nil` while it goes on.
    var ending: Int32?
    var kills = 0
    var farewells = 0
    /// How often it ended by itself.
    var surrenders = 0

    /// Takes an end of the plan whose moment has come, and how long it is still to wait.
    mutating func due(
      _ wait: (TorturePlan.Moment) -> Duration?
    ) -> (kill: TorturePlan.Kill, wait: Duration)? {
      for (place, kill) in left.enumerated() {
        guard let wait = wait(kill.moment) else { continue }
        left.remove(at: place)
        return (kill, wait)
      }
      return nil
    }
  }

  /// How often a session may end by itself where things go wrong: one that cannot begin says so.
  ///
  /// That is one without a database, whose questions about the account were not answered however often it
  /// asked; one that goes on has something to lose, and asks until it is answered. Before the market begins
  /// there is no outage either, so it is a matter of chance: it happened once in six hundred seeds. A session
  /// that had begun is found by the check of everything that happened.
  private static let mostSurrenders = 5

  private let program: String
  private let words: [String]
  private let folder: String
  private let mayGiveUp: Bool
  private let pause: @Sendable (Int) async -> Void
  private let note: @Sendable (Happening) -> Void
  private let state: Locked<State>

  /// A session that is not started yet.
  ///
  /// - Parameters:
  ///   - program: The runner.
  ///   - words: What it is told.
  ///   - folder: Where it works; what it tells goes into `session-1.txt` and so on.
  ///   - kills: When it is killed.
  ///   - mayGiveUp: Whether it may end by itself, and is started again then as a supervisor does it.
  ///   - pause: What happens between the end of a process, with its number, and the start of the next one.
  ///   - note: Hears of starts and ends, and of farewells.
  init(
    _ program: String, _ words: [String], in folder: String, kills: [TorturePlan.Kill],
    mayGiveUp: Bool, pause: @escaping @Sendable (Int) async -> Void = { _ in },
    note: @escaping @Sendable (Happening) -> Void
  ) {
    self.program = program
    self.words = words
    self.folder = folder
    self.mayGiveUp = mayGiveUp
    self.pause = pause
    self.note = note
    var state = State()
    state.left = kills
    self.state = Locked(state)
  }

  /// How often it was killed.
  var kills: Int { state.withLock { $0.kills } }
  /// How often it was told to end and did, before its time was over.
  var farewells: Int { state.withLock { $0.farewells } }
  /// How often it was started.
  var starts: Int { state.withLock { $0.starts } }
  /// How often it ended by itself.
  var surrenders: Int { state.withLock { $0.surrenders } }
  /// Its process, while it runs.
  var processID: Int32? { state.withLock { $0.process?.code == nil ? $0.process?.id : nil } }

  /// Starts it, and again after each kill, until it is told to end.
  ///
  /// - Returns: Why it ended by itself; `nil` where it was we who ended it.
  func tend() async -> String? {
    while true {
      if state.withLock({ $0.ending != nil }) { return nil }
      if starts > 0 { await pause(starts) }
      let process: ChildProcess
      let number = starts + 1
      do { process = try start(number) } catch { return "\(error)" }
      while process.code == nil { try? await Task.sleep(for: .milliseconds(20)) }
      let code = process.code ?? 0
      note(.ended(number, code: code))
      let (sent, ending) = state.withLock { ($0.sent, $0.ending) }
      switch ProcessEnd(code: code, sent: sent) {
      case .signalled:
        if code == -SIGKILL, ending != SIGKILL { state.withLock { $0.kills += 1 } }
        continue
      case .farewell:
        if ending == nil { state.withLock { $0.farewells += 1 } }
        continue
      case .surrender: break
      }
      if ending != nil, code != -SIGKILL { return "told to end, it ended with \(code)" }
      let surrenders = state.withLock { state in
        state.surrenders += 1
        return state.surrenders
      }
      // A signal is none that it may have given itself.
      if mayGiveUp, (1..<64).contains(code), surrenders <= Self.mostSurrenders {
        try? await Task.sleep(for: .milliseconds(10))
        continue
      }
      return "it ended by itself with \(code): see session-\(number).txt"
    }
  }

  private func start(_ number: Int) throws -> ChildProcess {
    var streams = ChildProcess.Streams()
    streams.output = "\(folder)/session-\(number).txt"
    streams.errors = nil
    let process = try ChildProcess(program, words, in: folder, streams: streams)
    let due = state.withLock { state in
      state.process = process
      state.starts = number
      // It was told to end while this process was being started: the one before heard that no more.
      state.sent = []
      if let signal = state.ending {
        state.sent.insert(signal)
        process.send(signal)
      }
      return state.isSpared
        ? nil
        : state.due { moment in
          guard case .afterStart(number, let milliseconds) = moment else { return nil }
          return .milliseconds(milliseconds)
        }
    }
    note(.started(number))
    if let due { end(due.kill, after: due.wait) }
    return process
  }

  /// Ends it where the plan says so; called before any client has the news.
  func look(at count: Witness.Count) {
    let due = state.withLock { state in
      state.due { moment in
        switch moment {
        case .atEvent(count.events, let microseconds), .atOrder(count.orders, let microseconds):
          .microseconds(microseconds)
        case .atEvent, .atOrder, .afterStart: nil
        }
      }
    }
    if let due { end(due.kill, after: due.wait) }
  }

  private func end(_ kill: TorturePlan.Kill, after wait: Duration) {
    let signal = kill.isPolite ? SIGTERM : SIGKILL
    guard wait > .zero else { return send(signal) }
    Task {
      try? await Task.sleep(for: wait)
      send(signal)
    }
  }

  private func send(_ signal: Int32) {
    state.withLock { state in
      guard !state.isSpared, let process = state.process, process.code == nil else { return }
      // A second SIGTERM would end it at once; SIGKILL does so whatever came before.
      guard state.sent.isEmpty || signal == SIGKILL else { return }
      state.sent.insert(signal)
      if signal != SIGKILL { note(.parting(state.starts)) }
      process.send(signal)
    }
  }

  /// Kills it no more.
  func spare() { state.withLock { $0.isSpared = true } }

  /// Tells it to end.
  func end() { end(by: SIGTERM) }

  /// Ends it as one that does not listen any more.
  func abandon() { end(by: SIGKILL) }

  private func end(by signal: Int32) {
    state.withLock { state in
      state.isSpared = true
      state.ending = signal
      // It may be too young to listen, as where another one has just gone.
      state.sent.insert(signal)
      state.process?.send(signal)
    }
  }
}
