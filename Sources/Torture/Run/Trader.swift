import Glibc
import Synchronization
import TestKit

/// The session: a process that is killed where the plan says so, and started again each time.
final class Trader: Sendable {
  private struct State {
    var process: ChildProcess?
    var starts = 0
    /// Kills that have not happened yet.
    var atEvents: [(count: Int, microseconds: Int)] = []
    var atOrders: [(count: Int, microseconds: Int)] = []
    var afterStarts: [Int: Int] = [:]
    /// Whether it was we who ended the process that runs now.
    var isKilled = false
    /// Whether it is left alone from now on.
    var isSpared = false
    var isEnding = false
    var kills = 0
    /// How often it ended by itself.
    var surrenders = 0
  }

  /// How often a session may end by itself where things go wrong: one that cannot begin says so.
  private static let mostSurrenders = 50

  private let program: String
  private let words: [String]
  private let folder: String
  private let mayGiveUp: Bool
  private let note: @Sendable (Happening) -> Void
  private let state: Mutex<State>

  /// A session that is not started yet.
  ///
  /// - Parameters:
  ///   - program: The runner.
  ///   - words: What it is told.
  ///   - folder: Where it works; what it tells goes into `session-1.txt` and so on.
  ///   - kills: When it is killed.
  ///   - mayGiveUp: Whether it may end by itself, and is started again then as a supervisor does it.
  ///   - note: Hears of starts and ends.
  init(
    _ program: String, _ words: [String], in folder: String, kills: [TorturePlan.Kill],
    mayGiveUp: Bool, _ note: @escaping @Sendable (Happening) -> Void
  ) {
    self.program = program
    self.words = words
    self.folder = folder
    self.mayGiveUp = mayGiveUp
    self.note = note
    var state = State()
    for kill in kills {
      switch kill {
      case .atEvent(let count, let microseconds): state.atEvents.append((count, microseconds))
      case .atOrder(let count, let microseconds): state.atOrders.append((count, microseconds))
      case .afterStart(let count, let milliseconds): state.afterStarts[count] = milliseconds
      }
    }
    self.state = Mutex(state)
  }

  /// How often it was killed.
  var kills: Int { state.withLock { $0.kills } }
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
      if state.withLock({ $0.isEnding }) { return nil }
      let process: ChildProcess
      let number = starts + 1
      do { process = try start(number) } catch { return "\(error)" }
      var code = process.code
      while code == nil {
        try? await Task.sleep(for: .milliseconds(1))
        code = process.code
      }
      note(.ended(number, code: code ?? 0))
      let (isKilled, isEnding) = state.withLock { ($0.isKilled, $0.isEnding) }
      if isKilled, code == -SIGKILL { continue }
      if isEnding, code != -SIGKILL {
        return code == 128 + SIGTERM ? nil : "told to end, it ended with \(code ?? 0)"
      }
      let surrenders = state.withLock { state in
        state.surrenders += 1
        return state.surrenders
      }
      // A signal is none that it may have given itself.
      if mayGiveUp, let code, (1..<64).contains(code), surrenders <= Self.mostSurrenders {
        try? await Task.sleep(for: .milliseconds(10))
        continue
      }
      return "it ended by itself with \(code ?? 0): see session-\(number).txt"
    }
  }

  private func start(_ number: Int) throws -> ChildProcess {
    var streams = ChildProcess.Streams()
    streams.output = "\(folder)/session-\(number).txt"
    streams.errors = nil
    let process = try ChildProcess(program, words, in: folder, streams: streams)
    let wait = state.withLock { state in
      state.process = process
      state.starts = number
      state.isKilled = false
      return state.isSpared ? nil : state.afterStarts.removeValue(forKey: number)
    }
    note(.started(number))
    if let wait { kill(after: .milliseconds(wait)) }
    return process
  }

  /// Kills it where the plan says so; called before any client has the news.
  func look(at count: Witness.Count) {
    let due = state.withLock { state -> Int? in
      if let place = state.atEvents.firstIndex(where: { $0.count == count.events }) {
        return state.atEvents.remove(at: place).microseconds
      }
      if let place = state.atOrders.firstIndex(where: { $0.count == count.orders }) {
        return state.atOrders.remove(at: place).microseconds
      }
      return nil
    }
    guard let due else { return }
    if due == 0 { kill() } else { kill(after: .microseconds(due)) }
  }

  private func kill(after wait: Duration) {
    Task {
      try? await Task.sleep(for: wait)
      kill()
    }
  }

  private func kill() {
    state.withLock { state in
      guard !state.isSpared, let process = state.process, process.code == nil else { return }
      state.isKilled = true
      state.kills += 1
      process.send(SIGKILL)
    }
  }

  /// Kills it no more.
  func spare() { state.withLock { $0.isSpared = true } }

  /// Tells it to end.
  func end() {
    state.withLock { state in
      state.isSpared = true
      state.isEnding = true
      state.process?.send(SIGTERM)
    }
  }

  /// Ends it as one that does not listen any more.
  func abandon() {
    state.withLock { state in
      state.isSpared = true
      state.isEnding = true
      state.process?.send(SIGKILL)
    }
  }
}
