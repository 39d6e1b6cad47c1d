import Configuration
import Glibc
public import Simulator

/// The whole command as a library.
///
/// A program with strategies of its own is three lines: import, a list, `RunnerCommand.main`. It gets
/// every subcommand, with its strategies beside the built-in ones.
public enum RunnerCommand {
  /// Runs the command line and ends the process.
  ///
  /// - Parameter strategies: The caller's own, offered beside the built-in ones.
  public static func main(strategies: [StrategyEntry] = []) -> Never {
    Interruption.watch()
    FileFaults.expectFullFiles()
    let path = CommandLine.arguments.first ?? "runner"
    let code = run(
      Array(CommandLine.arguments.dropFirst()), strategies: StrategyEntry.builtIn + strategies,
      name: path.split(separator: "/").last.map(String.init) ?? path)
    exit(code.rawValue)
  }

  /// Runs a command line and says how the process is to end.
  ///
  /// - Parameters:
  ///   - arguments: The words after the program's name.
  ///   - strategies: All that may be chosen; names must differ.
  /// - Returns: The exit code.
  public static func run(_ arguments: [String], strategies: [StrategyEntry]) -> ExitCode {
    run(arguments, strategies: strategies, name: "runner")
  }

  private static func run(
    _ arguments: [String], strategies: [StrategyEntry], name: String
  ) -> ExitCode {
    let names = strategies.map(\.name)
    guard Set(names).count == names.count else {
      // Not a precondition: its message would be lost in a release build.
      fatalError("two strategies have one name: \(names.joined(separator: ", "))")
    }
    return Program(name: name, strategies: strategies).run(arguments)
  }
}
