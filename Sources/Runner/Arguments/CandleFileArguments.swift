import Configuration
import Market
import Reporting
import Simulator

/// The options that settle what a CSV file leaves open.
enum CandleFileArguments {
  static let options = [
    Option(
      "--column", value: "NAME=HEADER", isRepeatable: true,
      choices: .words(CandleColumn.allCases.map { "\($0.rawValue)=" }),
      help: "Which header a column has, such as time=Date or volume='Volume BTC'."),
    Option(
      "--time-unit", value: "UNIT", choices: .words(TimeUnit.allCases.map(\.rawValue)),
      help: "The unit of numeric times, where it cannot be told: s, ms, us or ns."),
    Option(
      "--delimiter", value: "NAME", choices: .words(Delimiter.allCases.map(\.rawValue)),
      help: "What separates columns, where it cannot be told: comma, semicolon or tab."),
  ]

  /// What the command line and the settings say about the file.
  static func options(
    _ invocation: Invocation, _ simulation: SimulationSettings
  ) throws(UsageError) -> CandleFileOptions {
    try options(
      invocation, interval: simulation.interval, skipsBadRows: simulation.skipsBadRows)
  }

  /// What the command line says about a file of these candles.
  static func options(
    _ invocation: Invocation, interval: TimeSpan, skipsBadRows: Bool
  ) throws(UsageError) -> CandleFileOptions {
    var columns: [CandleColumn: String] = [:]
    for text in invocation.values("--column") {
      let parts = text.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let column = CandleColumn(rawValue: String(parts[0])) else {
        throw .invalid(
          option: "--column", value: text,
          expected: "NAME=HEADER, with NAME one of \(names(CandleColumn.self))")
      }
      guard columns.updateValue(String(parts[1]), forKey: column) == nil else {
        throw .repeated("--column \(column)=…")
      }
    }
    return CandleFileOptions(
      interval: interval, skipsBadRows: skipsBadRows, columns: columns,
      timeUnit: try choice("--time-unit", invocation),
      delimiter: try choice("--delimiter", invocation))
  }

  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ option: String, _ invocation: Invocation
  ) throws(UsageError) -> Choice? {
    guard let text = invocation.value(option) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw .invalid(option: option, value: text, expected: names(Choice.self))
    }
    return choice
  }

  private static func names<Choice: RawRepresentable<String> & CaseIterable>(
    _: Choice.Type
  ) -> String {
    Choice.allCases.map(\.rawValue).joined(separator: ", ")
  }
}

extension Manifest.Reading {
  /// What options say beyond the settings.
  init(_ options: CandleFileOptions) {
    self.init(
      columns: CandleColumn.allCases.compactMap { column in
        options.columns[column].map { .init(key: column.rawValue, value: $0) }
      },
      timeUnit: options.timeUnit?.rawValue, delimiter: options.delimiter?.rawValue)
  }
}
