import Configuration
import Glibc
import Market

/// `runner live`: a strategy on the exchange, or on a local one to rehearse on.
enum LiveCommand {
  static let subcommand = Subcommand(
    words: ["live"], summary: "trade on Coinbase, or rehearse on an exchange inside",
    options: LiveArguments.options, details: { _, _ in explanation }, run: run)

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    try LiveRun.start(try LiveArguments(program, invocation, isPaper: false), program)
  }

  private static let explanation = """
    Real money: 'runner live' asks for the product's name before it begins, unless
    the configuration has live.confirm: true. Which key it uses: 'runner credentials
    check'. Whether a session with these options would begin: 'runner doctor'. To
    rehearse first, with the same protocols and no money:

      runner live --sandbox candles.csv --db rehearsal.db --speed lockstep

    Every event is in the database before the orders that came of it are sent: on
    Coinbase on the disk, in a rehearsal so that it survives a kill, though not a
    power cut. Ctrl-C and SIGTERM leave the protective stops at the exchange and say
    so; the same command goes on from there. Meanwhile 'positions', 'orders',
    'portfolio', 'halt' and the others look at the session and steer it.
    """
}

/// Asks whether real money is meant.
enum Confirmation {
  /// Lets pass who has confirmed it in the configuration, or types the name of what is traded.
  ///
  /// - Throws: `UnconfirmedError`.
  static func ask(_ arguments: LiveArguments) throws(UnconfirmedError) {
    guard !arguments.settings.live.isConfirmed else { return }
    let name = arguments.names.joined(separator: ",")
    guard isatty(STDIN_FILENO) == 1 else { throw UnconfirmedError(name: name, isTyped: false) }
    Output.message("This trades real money. Type \(name) to go on:")
    guard readLine() == name else { throw UnconfirmedError(name: name, isTyped: true) }
  }
}

/// Nobody said that real money is meant.
struct UnconfirmedError: Error, CustomStringConvertible {
  let name: String
  let isTyped: Bool

  var description: String {
    isTyped
      ? "that was not \(name): nothing was traded"
      : "nobody has confirmed that real money is meant, and there is no terminal to ask at. Put "
        + "'live: {confirm: true}' into the configuration, or rehearse with --sandbox FILE"
  }
}
