package import Configuration
import Market

extension FaultPlan {
  /// The keys beside the list of faults.
  private static let keys = ["seed", "away", "patience", "faults"]

  /// Reads a file of faults.
  ///
  /// - Parameter path: Of the file.
  /// - Throws: `FaultPlanError`.
  package init(path: String) throws(FaultPlanError) {
    let file: ConfigurationFile
    do { file = try ConfigurationFile(path: path) } catch {
      throw FaultPlanError(
        "--faults: " + error.problems.map { "\($0.reason)" }.joined(separator: "; "))
    }
    try self.init(file)
  }

  /// Reads the text of a file of faults.
  ///
  /// - Parameter file: Its name, for messages, and what it holds.
  /// - Throws: `FaultPlanError`.
  package init(_ file: ConfigurationFile) throws(FaultPlanError) {
    let root: YAMLNode?
    do { root = try YAMLReader.read(file) } catch { throw FaultPlanError("\(error)") }
    self.init()
    guard let root else { return }
    guard case .mapping(let entries) = root.content else {
      throw FaultPlanError(
        file.name, line: root.line, column: root.column,
        "the file holds \(root.noun) instead of keys; write 'faults:' and a list below it")
    }
    for entry in entries { try read(entry, of: file.name) }
  }

  private mutating func read(
    _ entry: YAMLNode.Entry, of file: String
  ) throws(FaultPlanError) {
    func wrong(_ expected: String) -> FaultPlanError {
      FaultPlanError(
        file, line: entry.value.line, column: entry.value.column,
        "\(entry.key) is \(entry.value.words), expected \(expected)")
    }
    switch entry.key {
    case "seed":
      guard let seed = entry.value.text.flatMap(UInt64.init) else {
        throw wrong("a number from 0")
      }
      self.seed = seed
    case "away":
      let range = entry.value.text.flatMap { FaultText.range($0) { Int($0) } }
      guard let range, range.lowerBound >= 0 else {
        throw wrong("a number of points, or a range such as 0..40")
      }
      away = range
    case "patience":
      guard let span = entry.value.text.flatMap(FaultText.span), span > .nothing else {
        throw wrong("a span such as 30s")
      }
      patience = span
    case "faults":
      guard case .sequence(let items) = entry.value.content else {
        throw wrong("a list; write '- kind: lost_answer' lines below it, indented")
      }
      for item in items { rules.append(try FaultRule(item, of: file)) }
    default:
      throw FaultPlanError(
        file, line: entry.line, column: entry.column,
        unknown("a file of faults", entry.key, among: Self.keys))
    }
  }

  /// The plan as such a file: read again, it gives the same plan.
  package var yaml: String {
    var lines = [
      "seed: \(seed)", "away: \(FaultText.text(away) { "\($0)" })",
      "patience: \(FaultText.text(patience))", rules.isEmpty ? "faults: []" : "faults:",
    ]
    for rule in rules {
      lines.append("  - kind: \(rule.kind.rawValue)")
      for key in rule.kind.keys {
        guard let text = rule.text(of: key) else { continue }
        lines.append("    \(key.rawValue): \(text)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension FaultRule {
  /// Reads an item of the list.
  fileprivate init(_ node: YAMLNode, of file: String) throws(FaultPlanError) {
    func problem(_ line: Int, _ column: Int, _ text: String) -> FaultPlanError {
      FaultPlanError(file, line: line, column: column, text)
    }
    guard case .mapping(let entries) = node.content else {
      throw problem(
        node.line, node.column,
        "this item of faults is \(node.noun); write '- kind: lost_answer', and its keys below it")
    }
    guard let first = entries.first(where: { $0.key == "kind" }) else {
      throw problem(node.line, node.column, "this fault has no kind; write 'kind: lost_answer'")
    }
    guard let kind = first.value.text.flatMap(FaultKind.init(rawValue:)) else {
      throw problem(
        first.value.line, first.value.column,
        unknown(
          "a fault", "kind", first.value.text ?? first.value.noun,
          among: FaultKind.allCases.map(\.rawValue)))
    }
    self.init(kind)
    for entry in entries where entry.key != "kind" {
      guard let key = FaultKey(rawValue: entry.key), kind.keys.contains(key) else {
        throw problem(
          entry.line, entry.column,
          unknown(kind.rawValue, entry.key, among: kind.keys.map(\.rawValue)))
      }
      if key == .delay, case .mapping(let figures) = entry.value.content {
        setDelay(try FaultTail(figures, at: entry, of: file))
        continue
      }
      guard let text = entry.value.text, set(key, to: text) else {
        throw problem(
          entry.value.line, entry.value.column,
          "\(entry.key) is \(entry.value.words), expected \(key.expected(of: kind))")
      }
    }
    if kind.keys.contains(.every), at.isEmpty, every == nil {
      throw problem(
        node.line, node.column,
        "\(kind.rawValue) has neither 'at' nor 'every'; write 'at: 6h', or 'every: 8h'")
    }
  }
}

extension FaultTail {
  /// Reads what stands after `delay` where it is no span and no range.
  fileprivate init(
    _ figures: [YAMLNode.Entry], at delay: YAMLNode.Entry, of file: String
  ) throws(FaultPlanError) {
    let names = ["median", "p99"]
    for figure in figures where !names.contains(figure.key) {
      throw FaultPlanError(
        file, line: figure.line, column: figure.column, unknown("delay", figure.key, among: names))
    }
    func span(_ name: String, _ expected: String, from least: TimeSpan) throws(FaultPlanError)
      -> TimeSpan
    {
      guard let value = figures.first(where: { $0.key == name })?.value else {
        throw FaultPlanError(
          file, line: delay.value.line, column: delay.value.column,
          "delay has no \(name); write {median: 50ms, p99: 2s}, for example")
      }
      guard let span = value.text.flatMap(FaultText.span), span >= least else {
        throw FaultPlanError(
          file, line: value.line, column: value.column,
          "delay.\(name) is \(value.words), expected \(expected)")
      }
      return span
    }
    let median = try span(
      "median", "a span of the data's time above 0 such as 50ms", from: TimeSpan(nanoseconds: 1))
    let p99 = try span(
      "p99",
      "a span from the median's, \(FaultText.text(median)): what one delay in a hundred is above",
      from: median)
    guard let tail = FaultTail(median: median, p99: p99) else {
      preconditionFailure("a median of \(median) and a p99 of \(p99) are a tail")
    }
    self = tail
  }
}

/// That a key is not known, and what may have been meant.
private func unknown(_ owner: String, _ key: String, among names: [String]) -> String {
  let hint =
    nearestName(to: key, among: names).map { "did you mean '\($0)'?" }
    ?? "known: \(names.isEmpty ? "none" : names.joined(separator: ", "))"
  return "\(owner) has no key '\(shown(key))'; \(hint)"
}

/// That a word is not known, and what may have been meant.
private func unknown(
  _ owner: String, _ noun: String, _ word: String, among names: [String]
) -> String {
  let hint =
    nearestName(to: word, among: names).map { "did you mean '\($0)'?" }
    ?? "known: \(names.joined(separator: ", "))"
  return "\(owner) has no \(noun) '\(shown(word))'; \(hint)"
}

extension YAMLNode {
  /// The text of a value, or of a list of values with commas between; `nil` of anything else.
  fileprivate var text: String? {
    switch content {
    case .scalar(let text, _): isNull ? nil : text
    case .mapping: nil
    case .sequence(let items):
      items.isEmpty || items.contains { $0.text == nil }
        ? nil : items.compactMap(\.text).joined(separator: ", ")
    }
  }

  /// What it is, for a message.
  fileprivate var words: String { text.map { "'\(shown($0))'" } ?? noun }
}
