import Configuration

/// The words of a command line, sorted into options and operands by a subcommand's declaration.
struct Invocation: Hashable, Sendable {
  /// Options in the order in which they were given; a flag has no value.
  private(set) var given: [(key: String, value: String?)] = []
  /// The words that are no options.
  private(set) var operands: [String] = []

  /// Whether a flag was given.
  func has(_ key: String) -> Bool { given.contains { $0.key == key } }
  /// The value of an option, the only or last one.
  func value(_ key: String) -> String? { given.last { $0.key == key }?.value }
  /// All values of a repeatable option.
  func values(_ key: String) -> [String] { given.filter { $0.key == key }.compactMap(\.value) }

  /// Sorts the words.
  ///
  /// A value follows its option as the next word, or behind `=`. A next word that is an option or
  /// looks like a long one is none: `--json --trade` is rather a slip than a file called `--trade`.
  ///
  /// - Throws: `UsageError` that names the word and, where one is near, what was probably meant.
  init(_ words: [String], options: [Option], operandNames: [String]) throws(UsageError) {
    var index = 0
    var areOptionsOver = false
    while index < words.count {
      let word = words[index]
      index += 1
      if areOptionsOver || !word.hasPrefix("-") || word == "-" {
        operands.append(word)
        continue
      }
      if word == "--" {
        areOptionsOver = true
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let option = options.first(where: { $0.names.contains(name) }) else {
        throw UsageError.unknownOption(name, nearest(to: name, in: options))
      }
      if !option.isRepeatable, has(option.key) { throw UsageError.repeated(option.key) }
      guard let valueName = option.value else {
        if parts.count == 2 { throw UsageError.needsNoValue(option.key) }
        given.append((option.key, nil))
        continue
      }
      if parts.count == 2 {
        given.append((option.key, String(parts[1])))
      } else if index < words.count, !isOption(words[index], in: options) {
        given.append((option.key, words[index]))
        index += 1
      } else {
        throw UsageError.needsValue(option.key, valueName)
      }
    }
    if has("--help") { return }  // Whoever asks for help need not get the rest right.
    if operands.count > operandNames.count {
      let word = operands[operandNames.count]
      // Whoever writes `backtest candles.csv` means the file that the command cannot do without.
      let meant = options.first { $0.isRequired && $0.choices == .files && !has($0.key) }
      throw UsageError.unexpected(word, meant.map { "\($0.key) \(word)" })
    }
    // The name of one that may be left out is in brackets, as in the usage.
    let required = operandNames.prefix { !$0.hasPrefix("[") }
    if operands.count < required.count {
      throw UsageError.missing(required[operands.count])
    }
    for option in options where option.isRequired && !has(option.key) {
      throw UsageError.missing("\(option.key) \(option.value ?? "")")
    }
  }

  /// The same with another value of an option that was given.
  func replacing(_ key: String, with value: String) -> Invocation {
    var other = self
    for index in other.given.indices where other.given[index].key == key {
      other.given[index].value = value
    }
    return other
  }

  static func == (left: Invocation, right: Invocation) -> Bool {
    left.operands == right.operands
      && left.given.elementsEqual(right.given) { $0.key == $1.key && $0.value == $1.value }
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(operands)
    for option in given {
      hasher.combine(option.key)
      hasher.combine(option.value)
    }
  }
}

private func isOption(_ word: String, in options: [Option]) -> Bool {
  word.hasPrefix("--") || options.contains { $0.names.contains(word) }
}

private func nearest(to name: String, in options: [Option]) -> String? {
  // Of one letter every other is as near.
  nearestName(to: name, among: options.flatMap(\.names).filter { $0.hasPrefix("--") })
}

/// A command line that cannot be understood.
enum UsageError: Error, Hashable, CustomStringConvertible {
  case unknownOption(String, String?)
  case unknownCommand(String, String?)
  case repeated(String)
  case needsValue(String, String)
  case needsNoValue(String)
  case missing(String)
  case incomplete(String, [String])
  case useless(String, without: String)
  case unexpected(String, String?)
  case invalid(option: String, value: String, expected: String)
  case refused(option: String, why: String)
  case conflict(String, String, why: String)

  var description: String {
    switch self {
    case .unknownOption(let name, let near): "unknown option '\(name)'\(meant(near))"
    case .unknownCommand(let name, let near): "unknown command '\(name)'\(meant(near))"
    case .repeated(let name): "\(name) was given twice; once is enough"
    case .needsValue(let name, let value): "\(name) needs a value: \(name) \(value)"
    case .needsNoValue(let name): "\(name) takes no value"
    case .missing(let what): "\(what) is missing"
    case .incomplete(let call, let names):
      "'\(call)' is incomplete: add \(Self.alternatives(names))"
    case .useless(let name, let other): "\(name) does nothing without \(other)"
    case .unexpected(let word, let near): "'\(word)' is one word too many\(meant(near))"
    case .invalid(let option, let value, let expected):
      "\(option) is '\(value)', expected \(expected)"
    case .refused(let option, let why): "\(option): \(why)"
    case .conflict(let first, let second, let why):
      "\(first) and \(second) do not go together: \(why)"
    }
  }

  private static func alternatives(_ names: [String]) -> String {
    let parts = [names.dropLast().joined(separator: ", "), names.last ?? ""]
    return parts.filter { !$0.isEmpty }.joined(separator: " or ")
  }

  private func meant(_ near: String?) -> String { near.map { "; did you mean '\($0)'?" } ?? "" }
}
