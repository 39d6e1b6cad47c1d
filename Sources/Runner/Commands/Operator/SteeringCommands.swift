import Market
import Persistence
import Reporting

/// The commands that steer a session: each leaves a request and waits for the engine's answer.
enum SteeringCommands {
  static let others = [reset, halt, resume]

  private static let timeout = Option(
    "--timeout", value: "SECONDS",
    help: "How long to wait for the engine's answer; 10 if not given, 0 not at all.")

  private static func options(_ own: Option...) -> [Option] {
    DatabaseArguments.options(own + [timeout], "the answer")
  }

  private static let pair = Option(
    "--pair", value: "PAIR", help: "This pair alone; all of them if not given.")

  private static let explanation = """
    The request is kept in the database. The engine that writes it takes it up
    within a moment, acts, and answers; the answer is printed. Where no engine runs,
    the request waits for the next start.

    Exit code 0: done, or kept for the next start. 1: refused, or no answer in time.
    130: by Ctrl-C; the request is taken back unless the engine has it already.
    """ + "\n\n" + DatabaseArguments.passwordHelp

  static let forceExit = Subcommand(
    words: ["positions", "force-exit"], summary: "sell an open position at a limit price now",
    operands: ["ID"],
    options: options(
      Option("--price", value: "PRICE", isRequired: true, help: "The worst price that will do.")),
    details: { _, _ in explanation },
    run: { program, invocation in
      guard let text = invocation.value("--price") else {
        preconditionFailure("--price is required")
      }
      let price: Price
      do throws(DecimalError) { price = try Price(text) } catch {
        throw UsageError.refused(option: "--price", why: "\(error)")
      }
      guard price > .zero else {
        throw UsageError.invalid(option: "--price", value: text, expected: "a price above 0")
      }
      try Steering(program, invocation).ask { store in
        let (pair, position) = try store.reader.position(
          named: invocation.operands[0], among: store.pairs)
        return .forceExit(pair: pair, position: position, price: price)
      }
    })

  static let cancel = Subcommand(
    words: ["orders", "cancel"], summary: "end an entry that works", operands: ["ID"],
    options: options(), details: { _, _ in explanation },
    run: { program, invocation in
      try Steering(program, invocation).ask { store in
        let (pair, number) = try store.reader.order(
          named: invocation.operands[0], among: store.pairs)
        return .cancelOrder(pair: pair, number: number)
      }
    })

  private static let halt = Subcommand(
    words: ["halt"], summary: "stop new entries; exits go on", options: options(pair),
    details: { _, _ in explanation },
    run: { program, invocation in
      try Steering(program, invocation).ask { .halt(pair: try $0.pair(of: invocation)) }
    })

  private static let resume = Subcommand(
    words: ["resume"],
    summary: "allow entries again after 'halt', or overrule what the session holds",
    options: options(pair), details: { _, _ in explanation },
    run: { program, invocation in
      try Steering(program, invocation).ask { .resume(pair: try $0.pair(of: invocation)) }
    })

  private static let reset = Subcommand(
    words: ["breaker", "reset"], summary: "allow entries again after the breaker has tripped",
    options: options(), details: { _, _ in explanation },
    run: { program, invocation in
      try Steering(program, invocation).ask { _ in .resetBreaker }
    })
}
