public import Strategy

/// One thing wrong with the configuration: where, what, and what to do.
public struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    /// The system could not read the file.
    case unreadable(path: String, cause: String)
    /// The file has more bytes than a configuration may have.
    case tooLarge(limit: Int)
    /// The file is in UTF-16.
    case utf16
    /// A control code, or a byte that is not UTF-8 where it stands.
    case notText(byte: Int)
    /// A tab indents the line.
    case tab
    /// libyaml's complaint.
    case syntax(String)
    /// A mark such as `&name` for later repetition.
    case anchor(String)
    /// A repetition such as `*name`.
    case alias(String)
    /// A type such as `!!str`.
    case tag(String)
    /// Mappings and lists inside each other beyond the limit.
    case tooDeep(limit: Int)
    /// More keys and values than a configuration may have.
    case tooManyNodes(limit: Int)
    /// A second document in the file.
    case secondDocument
    /// A list or a mapping as a key.
    case keyIsNoText
    /// The same key twice in one mapping.
    case duplicateKey(String, firstLine: Int)
    /// The file holds something other than sections.
    case noSections(found: String)
    /// A section holds something other than keys.
    case noKeys(section: String, found: String)
    /// No such section.
    case unknownSection(String, Hint)
    /// No such key in this section.
    case unknownKey(String, section: String, Hint)
    /// Nothing stands after the key.
    case noValue(key: String, default: String)
    /// A mapping, a list or a block of text stands where one value should.
    case notOneValue(key: String, found: String)
    /// The value is not one that the key can have.
    case value(ParameterError)
    /// `pairs:` holds something other than a list.
    case noPairList(found: String)
    /// An item of `pairs:` holds something other than keys.
    case noPairKeys(found: String)
    /// An item of `pairs:` does not say which pair it is.
    case noPairName
    /// One pair twice in one list.
    case duplicatePair(String, first: Origin)
    /// A pair that is in no list.
    case unknownPair(String, Hint)
    /// A pair of the list for which the command line names no candles; the option would.
    case noCandles(String, option: String)
    /// No such key of a pair.
    case unknownPairKey(String, Hint)
    /// A key alone that two sections have.
    case severalSections(String, [String])
    /// A key that is the same for all pairs.
    case commonKey(String)
    /// `--set pairs.…`.
    case setOfPairs
    /// The text after `--set` is not `section.key=value`.
    case malformedSet(String, Hint)
    /// A password after `--set`.
    case secretInSet(String)
  }

  /// What may have been meant instead.
  public enum Hint: Hashable, Sendable {
    /// A known name that looks or sounds like it.
    case similar(String)
    /// The key belongs to another strategy than the chosen one.
    case otherStrategy(String, chosen: String)
    /// All that is known.
    case known([String])
    /// How it is written.
    case example(String)
    /// There is nothing that could be meant; the option names candles of pairs.
    case noPairs(option: String)
  }

  /// Where.
  public let origin: Origin
  /// What.
  public let reason: Reason

  init(_ origin: Origin, _ reason: Reason) {
    self.origin = origin
    self.reason = reason
  }

  /// One line: `file:line:column: what; what to do`.
  public var description: String { "\(origin.place): \(reason)" }
}

extension ConfigurationProblem.Reason: CustomStringConvertible {
  /// What is wrong and what to do, without the place.
  public var description: String {
    switch self {
    case .unreadable(let path, let cause):
      "cannot read '\(shown(path))': \(cause); check the path"
    case .tooLarge(let limit):
      "the file is larger than \(limit) bytes; a configuration is short: is this the right file?"
    case .utf16: "the file is in UTF-16; save it as UTF-8"
    case .notText(let byte):
      "byte 0x\(String(byte, radix: 16)) has no place here, a configuration is text; "
        + "remove it, or save the file as UTF-8"
    case .tab: "a tab indents this line; YAML indents with spaces only"
    case .syntax(let complaint):
      "not YAML: \(complaint); check indentation, quotes and brackets up to here"
    case .anchor(let name): "anchors such as '&\(shown(name))' are not read; remove it"
    case .alias(let name): "aliases such as '*\(shown(name))' are not read; write the value out"
    case .tag(let name): "tags such as '\(shown(name))' are not read; write the value alone"
    case .tooDeep(let limit): "more than \(limit) levels inside each other; a section has two"
    case .tooManyNodes(let limit): "more than \(limit) keys and values; is this the right file?"
    case .secondDocument: "a second document begins here; put it into a file of its own"
    case .keyIsNoText: "a list or a mapping is used as a key; write the key as a plain word"
    case .duplicateKey(let key, let line):
      "'\(shown(key))' is already there in line \(line); delete one of the two"
    case .noSections(let found):
      "the file holds \(found) instead of sections; write 'section:', and its keys below, indented"
    case .noKeys(let section, let found):
      "section \(section) holds \(found) instead of keys; write 'key: value' lines below it, indented, "
        + "or delete it"
    case .unknownSection(let name, let hint): "there is no section '\(shown(name))'; \(hint)"
    case .unknownKey(let key, let section, let hint):
      "\(section) has no key '\(shown(key))'; \(hint)"
    case .noValue(let key, let standard):
      "\(key) has no value; write one, or leave the key out to keep its default \(standard)"
    case .notOneValue(let key, let found): "\(key) is \(found); write one value on the key's line"
    case .value(let error): "\(error)"
    case .noPairList(let found):
      "pairs holds \(found) instead of a list; write '- product_id: BTC-USD' lines below it, indented, "
        + "or delete it"
    case .noPairKeys(let found):
      "this item of pairs is \(found); write '- product_id: BTC-USD', and the pair's keys below it"
    case .noPairName: "this item of pairs has no product_id; write which pair it is"
    case .duplicatePair(let pair, let first):
      "pair '\(shown(pair))' is already there, see \(first); delete one of the two"
    case .unknownPair(let pair, let hint): "there is no pair '\(shown(pair))'; \(hint)"
    case .noCandles(let pair, let option):
      "pair '\(shown(pair))' has no candles; add \(option) \(shown(pair))=FILE, or delete the pair"
    case .unknownPairKey(let key, let hint): "a pair has no key '\(shown(key))'; \(hint)"
    case .severalSections(let key, let names):
      "'\(shown(key))' may be \(names.joined(separator: " or ")); write the section too"
    case .commonKey(let key): "\(key) is the same for all pairs; set it in its section, for no pair"
    case .setOfPairs:
      "pairs is a list; write BTC-USD:exit.trail=0.03 for a value of one pair, for example"
    case .malformedSet(let text, let hint): "'\(shown(text))' is not section.key=value; \(hint)"
    case .secretInSet(let key):
      "\(key) is not taken from the command line, which other users and your shell's history see; "
        + "put it into a configuration file, into a file of its own (\(key)_file), or into the "
        + "environment as RATCHET_DB_PASSWORD"
    }
  }
}

extension ConfigurationProblem.Hint: CustomStringConvertible {
  /// The second half of a complaint.
  public var description: String {
    switch self {
    case .similar(let name): "did you mean '\(name)'?"
    case .otherStrategy(let owner, let chosen):
      "it belongs to strategy '\(owner)', but strategy.name is '\(chosen)'"
    case .known(let names): "known: \(names.joined(separator: ", "))"
    case .example(let text): "write \(text), for example"
    case .noPairs(let option):
      "name its candles, \(option) PAIR=FILE, or list it under pairs: in a file"
    }
  }
}
