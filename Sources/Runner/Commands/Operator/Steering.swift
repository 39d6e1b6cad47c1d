import Glibc
import Market
import Persistence
import Reporting
import Telemetry

/// Leaves a request at the desk of a store and waits for the answer.
struct Steering {
  private let arguments: DatabaseArguments
  private let timeout: Double

  init(_ program: Program, _ invocation: Invocation) throws {
    arguments = try DatabaseArguments(program, invocation)
    guard let text = invocation.value("--timeout") else {
      timeout = 10
      return
    }
    guard let seconds = Double(text), seconds >= 0, seconds <= 86_400 else {
      throw UsageError.invalid(
        option: "--timeout", value: text, expected: "seconds from 0 to 86400")
    }
    timeout = seconds
  }

  /// Asks for what `action` makes of the names on the command line.
  func ask(_ action: (Store) throws -> OperatorRequest.Action) throws {
    let path = arguments.path
    let store = try arguments.read()
    guard store.run.kind != .backtest else {
      throw StoreError(path: path, problem: .nothingToSteer)
    }
    let desk = try RequestDesk(at: try arguments.location())
    let id = try desk.make(action(store), at: .now)
    let hasEngine = try arguments.hasEngine
    var request = try desk.request(id)
    let start = ContinuousClock.now
    while hasEngine, request?.isAnswered == false,
      ContinuousClock.now - start < .seconds(timeout)
    {
      usleep(20_000)
      if let signal = Interruption.signal {
        try takeBack(id, at: desk)
        throw Interrupted(signal: signal)
      }
      request = try desk.request(id)
    }
    guard let request else { preconditionFailure("request \(id) is gone") }
    try tell(request, hasEngine: hasEngine)
    if hasEngine, request.state != .done { throw SilentFailure() }
  }

  /// Takes back what its operator no longer waits for, and says whether that could still be done.
  private func takeBack(_ id: Int64, at desk: RequestDesk) throws {
    do {
      guard try !desk.withdraw(id) else {
        return arguments.log.notice("request \(id) was taken back: nothing comes of it")
      }
      guard let request = try desk.request(id), request.isAnswered else {
        return arguments.log.notice(
          "request \(id) is being carried out already, and was not taken back")
      }
      try tell(request, hasEngine: true)
    } catch {
      // All that is said of an error after a signal is the signal.
      arguments.log.logger.error(
        "request \(id) could not be taken back, and the engine may act on it: \(error)")
      throw error
    }
  }

  private func tell(_ request: OperatorRequest, hasEngine: Bool) throws {
    let answer: String
    switch request.state {
    case .done: answer = request.answer ?? "done"
    case .refused: answer = "refused: \(request.answer ?? "no reason was given")"
    case .waiting, .taken:
      answer =
        hasEngine
        ? "no answer within \(timeout) s; request \(request.id) stays, and the engine still acts on it"
        : "no engine runs on \(arguments.path). Request \(request.id) is kept, and the next start of "
          + "'runner paper' or 'runner live' with this database acts on it as it begins"
    }
    if let target = arguments.target {
      var json = JSONWriter()
      json.beginObject(.lines)
      json.member("format", "ratchet-request 1")
      json.member("request", request.id)
      json.member("state", request.state.rawValue)
      json.member("engine_runs", hasEngine)
      json.member("answer", request.answer)
      json.endObject()
      try target.write(json.bytes)
    }
    if arguments.target?.isStandardOutput != true { try Output.data(answer + "\n") }
    arguments.target?.announce(arguments.log)
  }
}

extension OperatorRequest {
  fileprivate var isAnswered: Bool {
    switch state {
    case .done, .refused: true
    case .waiting, .taken: false
    }
  }
}
