import Testing

@testable import Runner

@Suite("The words of a command line")
struct InvocationTests {
  private static let options = [
    Option("--csv", value: "FILE", isRequired: true, help: "A file."),
    Option("--set", "-s", value: "KEY=VALUE", isRepeatable: true, help: "A setting."),
    Option("--trades", help: "All of them."),
    Option("--help", "-h", help: "This."),
  ]

  private func parse(
    _ words: String..., operands: [String] = []
  ) throws(UsageError) -> Invocation {
    try Invocation(words, options: Self.options, operandNames: operands)
  }

  // MARK: - What is understood

  @Test(
    "A value follows as the next word or behind =",
    arguments: [
      (["--csv", "a.csv"], "a.csv"), (["--csv=a.csv"], "a.csv"), (["--csv="], ""),
      (["--csv=a=b"], "a=b"), (["--csv", "a=b"], "a=b"), (["--csv=--trades"], "--trades"),
      (["--csv", "-0.1"], "-0.1"), (["--csv", "-"], "-"), (["--csv", ""], ""),
    ])
  func values(of words: [String], value: String) throws {
    let invocation = try Invocation(words, options: Self.options, operandNames: [])
    #expect(invocation.value("--csv") == value)
    #expect(invocation.operands == [])
  }

  @Test func `a repeatable option keeps its values in order, under either name`() throws {
    let invocation = try parse("--set", "a=1", "--csv", "x", "-s", "b=2", "-s=c=3")
    #expect(invocation.values("--set") == ["a=1", "b=2", "c=3"])
    #expect(invocation.value("--set") == "c=3")
  }

  @Test func `a flag is there or not`() throws {
    #expect(try parse("--csv", "x", "--trades").has("--trades"))
    #expect(try !parse("--csv", "x").has("--trades"))
    #expect(try parse("--csv", "x", "--trades").value("--trades") == nil)
  }

  @Test func `words that are no options are operands, anywhere`() throws {
    let invocation = try parse("one", "--csv", "x", "-", operands: ["FIRST", "SECOND"])
    #expect(invocation.operands == ["one", "-"])
  }

  @Test func `after a double dash every word is an operand`() throws {
    let invocation = try parse("--csv", "x", "--", "--trades", "--", operands: ["A", "B"])
    #expect(invocation.operands == ["--trades", "--"])
    #expect(!invocation.has("--trades"))
  }

  @Test(
    "Who asks for help need not get the rest right",
    arguments: [["--help"], ["-h"], ["too", "many", "--help"], ["--trades", "-h", "word"]])
  func help(_ words: [String]) throws {
    #expect(try Invocation(words, options: Self.options, operandNames: []).has("--help"))
  }

  @Test func `two spellings of one command line are equal`() throws {
    #expect(try parse("--csv=x", "-s", "a=1") == parse("--csv", "x", "--set=a=1"))
    #expect(try parse("--csv", "x").hashValue == parse("--csv=x").hashValue)
    #expect(try parse("--csv", "x") != parse("--csv", "y"))
  }

  // MARK: - What is not

  /// Words, the error, and the whole message.
  private static let refused: [([String], UsageError, String)] = [
    (
      ["--cvs", "x"], .unknownOption("--cvs", "--csv"),
      "unknown option '--cvs'; did you mean '--csv'?"
    ),
    (
      ["--trade"], .unknownOption("--trade", "--trades"),
      "unknown option '--trade'; did you mean '--trades'?"
    ),
    (
      ["--HELP"], .unknownOption("--HELP", "--help"),
      "unknown option '--HELP'; did you mean '--help'?"
    ),
    (["--nonsense=1"], .unknownOption("--nonsense", nil), "unknown option '--nonsense'"),
    (["-x"], .unknownOption("-x", nil), "unknown option '-x'"),
    (
      ["-csv", "x"], .unknownOption("-csv", "--csv"), "unknown option '-csv'; did you mean '--csv'?"
    ),
    (["--csv", "x", "--csv", "y"], .repeated("--csv"), "--csv was given twice; once is enough"),
    (["--trades", "--trades"], .repeated("--trades"), "--trades was given twice; once is enough"),
    (["--csv"], .needsValue("--csv", "FILE"), "--csv needs a value: --csv FILE"),
    (["--csv", "--trades"], .needsValue("--csv", "FILE"), "--csv needs a value: --csv FILE"),
    (["--csv", "--trade"], .needsValue("--csv", "FILE"), "--csv needs a value: --csv FILE"),
    (["--csv", "--"], .needsValue("--csv", "FILE"), "--csv needs a value: --csv FILE"),
    (["--csv", "-s", "a=1"], .needsValue("--csv", "FILE"), "--csv needs a value: --csv FILE"),
    (["-s"], .needsValue("--set", "KEY=VALUE"), "--set needs a value: --set KEY=VALUE"),
    (["--trades=yes"], .needsNoValue("--trades"), "--trades takes no value"),
    (["--trades"], .missing("--csv FILE"), "--csv FILE is missing"),
    ([], .missing("--csv FILE"), "--csv FILE is missing"),
    (["--csv", "x", "word"], .unexpected("word", nil), "'word' is one word too many"),
    (
      ["word"], .unexpected("word", "--csv word"),
      "'word' is one word too many; did you mean '--csv word'?"
    ),
    (["--csv", "x", "--", "-h"], .unexpected("-h", nil), "'-h' is one word too many"),
  ]

  @Test("A slip is named, with what was meant", arguments: refused)
  func refuses(_ words: [String], _ error: UsageError, _ message: String) {
    #expect(throws: error) { try Invocation(words, options: Self.options, operandNames: []) }
    #expect(error.description == message)
  }

  @Test func `a missing operand is named`() {
    #expect(throws: UsageError.missing("SECOND")) {
      try parse("--csv", "x", "one", operands: ["FIRST", "SECOND"])
    }
  }

  /// The errors that others than `Invocation` throw.
  @Test(
    "Every other error says what to do",
    arguments: [
      (UsageError.unknownCommand("x", nil), "unknown command 'x'"),
      (
        .unknownCommand("bactest", "backtest"),
        "unknown command 'bactest'; did you mean 'backtest'?"
      ),
      (
        .incomplete("runner config", ["check", "show"]),
        "'runner config' is incomplete: add check or show"
      ),
      (.useless("--equity", without: "--json FILE"), "--equity does nothing without --json FILE"),
      (
        .invalid(option: "--tick", value: "x", expected: "a price"),
        "--tick is 'x', expected a price"
      ),
      (.refused(option: "--timerange", why: "'x' is none"), "--timerange: 'x' is none"),
      (
        .conflict("--path both", "--trades", why: "there are two runs"),
        "--path both and --trades do not go together: there are two runs"
      ),
    ])
  func messages(_ error: UsageError, _ message: String) {
    #expect(error.description == message)
  }
}
