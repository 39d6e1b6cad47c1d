@preconcurrency import Glibc
import Locking

/// Another program that runs beside the tests.
///
/// Foundation's `Process` is not used: here it keeps the files of every process open that it ever
/// ran, and once some 1,350 are open its `run()` reads past a buffer and the tests end with signal 11.
///
/// Nothing of a child is open in this process, since the child opens its files itself. It leads a
/// process group of its own, has every signal's default, and is killed with its group when nobody
/// holds it any more.
package final class ChildProcess: Sendable {
  /// Where a child reads from and writes to: paths as this process sees them.
  package struct Streams: Sendable {
    package var input = "/dev/null"
    package var output = "/dev/null"
    /// `nil` for wherever the output goes.
    package var errors: String? = "/dev/null"

    package init() {}
  }

  /// A program that could not be started.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// Its process.
  package let id: Int32
  /// Its code once it is waited for, after which its id may be another's.
  private let ended = Locked<Int32?>(nil)

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: Its path, or a name to look for in PATH.
  ///   - arguments: What it is told.
  ///   - directory: Where it works.
  ///   - environment: What is added to this process's own.
  ///   - streams: Where it reads from and writes to.
  /// - Throws: `Failure`, with the system's words.
  package init(
    _ program: String, _ arguments: [String], in directory: String = ".",
    environment: [String: String] = [:], streams: Streams = Streams()
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let made = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, streams.input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, streams.output, made, 0o600)
    if let errors = streams.errors {
      posix_spawn_file_actions_addopen(&actions, 2, errors, made, 0o600)
    } else {
      posix_spawn_file_actions_adddup2(&actions, 1, 2)
    }
    _ = Spawning.closeFrom(&actions, 3)
    _ = Spawning.changeDirectory(&actions, directory)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var words = ([program] + arguments).map { strdup($0) } + [nil]
    var variables = Spawning.variables(environment).map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var id: pid_t = 0
    let code = posix_spawnp(&id, program, &actions, &attributes, &words, &variables)
    guard code == 0 else {
      throw Failure(description: "\(program) cannot be started: \(String(cString: strerror(code)))")
    }
    self.id = id
  }

  deinit {
    send(SIGKILL)
    _ = ended.withLock { $0 ?? Self.wait(for: id, 0) }
  }

  /// Its exit code, or the number of the signal that ended it below 0; `nil` while it runs.
  package var code: Int32? {
    ended.withLock { code in
      if code == nil { code = Self.wait(for: id, WNOHANG) }
      return code
    }
  }

  /// Sends a signal to it and what it started, unless it has ended.
  package func send(_ signal: Int32) {
    ended.withLock { if $0 == nil { kill(-id, signal) } }
  }

  /// Waits for its end, which a watchdog brings about if nothing else does.
  package func end() async throws -> Int32 {
    let watchdog = ContinuousClock.now + .seconds(120)
    var pause = Duration.milliseconds(1)
    while true {
      if let code { return code }
      if ContinuousClock.now > watchdog { send(SIGKILL) }
      try await Task.sleep(for: pause)
      // Hundreds wait at once while all tests run.
      pause = min(pause * 2, .milliseconds(20))
    }
  }

  /// As `end()`, for a test that is not asynchronous: it keeps its thread.
  package func endHoldingThread() -> Int32 {
    let watchdog = ContinuousClock.now + .seconds(120)
    while true {
      if let code { return code }
      if ContinuousClock.now > watchdog { send(SIGKILL) }
      usleep(1000)
    }
  }

  private static func wait(for id: pid_t, _ options: Int32) -> Int32? {
    var status: Int32 = 0
    while true {
      switch waitpid(id, &status, options) {
      case id: return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
      case -1 where errno == EINTR: continue
      default: return nil
      }
    }
  }
}

/// What the child needs besides POSIX.
private enum Spawning {
  typealias Actions = UnsafeMutablePointer<posix_spawn_file_actions_t>

  // Not imported: the header has them for _GNU_SOURCE only.
  static let closeFrom = function(
    "posix_spawn_file_actions_addclosefrom_np",
    as: (@convention(c) (Actions, Int32) -> Int32).self)
  static let changeDirectory = function(
    "posix_spawn_file_actions_addchdir_np",
    as: (@convention(c) (Actions, UnsafePointer<CChar>) -> Int32).self)

  private static func function<Function>(_ name: String, as type: Function.Type) -> Function {
    guard let address = dlsym(nil, name) else { preconditionFailure("glibc 2.34 has \(name)") }
    return unsafeBitCast(address, to: type)
  }

  /// This process's environment with what is added.
  static func variables(_ added: [String: String]) -> [String] {
    var variables: [String] = []
    var place = environ
    while let text = place.pointee {
      let variable = String(cString: text)
      if !added.contains(where: { variable.hasPrefix("\($0.key)=") }) { variables.append(variable) }
      place += 1
    }
    return variables + added.map { "\($0.key)=\($0.value)" }
  }
}
