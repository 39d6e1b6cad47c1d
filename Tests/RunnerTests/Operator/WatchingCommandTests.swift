import Foundation
import Testing

@testable import Runner

@Suite("The commands that look at a run")
struct WatchingCommandTests {
  /// A store of three pairs that ends with open positions, and its result.
  private static func folder() async throws -> TemporaryFolder {
    try await PortfolioFolder.make(["--db", "run.db", "--timerange", "-20240105"])
  }

  private func runner(
    _ words: String, in folder: borrowing TemporaryFolder, _ environment: [String: String] = [:]
  ) async throws -> Finished {
    try await RunnerProcess.run(
      words.split(separator: " ").map(String.init), in: folder, environment: environment)
  }

  private func object(
    _ words: String, in folder: borrowing TemporaryFolder
  ) async throws -> [String: Any] {
    let run = try await runner("\(words) --db run.db --json -", in: folder)
    #expect(run.code == 0, "\(run.errors)")
    return try #require(try JSONSerialization.jsonObject(with: run.output) as? [String: Any])
  }

  private func rows(_ object: [String: Any], _ key: String) throws -> [[String: Any]] {
    try #require(object[key] as? [[String: Any]])
  }

  private func decimal(_ object: [String: Any], _ key: String) throws -> Decimal {
    let text = try #require(object[key] as? String, "\(key)")
    return try #require(Decimal(string: text))
  }

  // MARK: - Figures

  @Test func `figures are those of the backtest's own result`() async throws {
    let folder = try await Self.folder()
    let result = try #require(
      try JSONSerialization.jsonObject(with: folder.bytes(of: "run.json")) as? [String: Any])
    let trades = try rows(try await object("trades list", in: folder), "trades")
    try #require(trades.count > 2)
    for pair in try rows(result, "pairs") {
      let own = trades.filter { $0["pair"] as? String == pair["pair"] as? String }
      let realised = try own.reduce(Decimal(0)) { try $0 + decimal($1, "realised") }
      #expect(try realised == decimal(pair, "realised"))
      #expect(own.count == (pair["counts"] as? [String: Any])?["trades"] as? Int)
    }
    let metrics = try #require(result["metrics"] as? [String: Any])
    let summary = try await object("trades summary", in: folder)
    let total = try #require(summary["total"] as? [String: Any])
    for name in ["win_rate", "expectancy", "profit_factor", "average_win", "average_loss", "sqn"] {
      #expect(total[name] as? Double == metrics[name] as? Double, "\(name)")
    }
    let account = try await object("portfolio summary", in: folder)
    #expect(try decimal(account, "equity") == decimal(result, "final_equity"))
    let open = try rows(try await object("positions list", in: folder), "positions")
    #expect(open.count == account["open_positions"] as? Int)
    // What was won and lost is the difference, to the last unit.
    #expect(
      try decimal(account, "starting_cash") + decimal(account, "realised")
        + decimal(account, "unrealised") == decimal(account, "equity"))
    let pairs = try rows(try await object("portfolio pairs", in: folder), "pairs")
    #expect(
      try pairs.reduce(Decimal(0)) { try $0 + decimal($1, "value") } + decimal(account, "cash")
        == decimal(account, "equity"))
  }

  @Test func `a position tells its stop's history, its orders and what had no stop`() async throws {
    let folder = try await Self.folder()
    let positions = try rows(try await object("positions list --all", in: folder), "positions")
    let most = try #require(
      positions.max { ($0["ratchets"] as? Int ?? 0) < ($1["ratchets"] as? Int ?? 0) })
    let id = try #require(most["id"] as? String)
    let count = try #require(most["ratchets"] as? Int)
    try #require(count > 2)
    let shown = try await object("positions show \(id.lowercased())", in: folder)
    #expect(shown["format"] as? String == "ratchet-position 1")
    let steps = try rows(shown, "stop_steps")
    #expect(steps.count == count + 1)
    let triggers = try steps.map { try decimal($0, "trigger") }
    #expect(triggers == triggers.sorted(), "a trigger never falls")
    for (step, next) in zip(steps, steps.dropFirst()) {
      #expect(next["from_trigger"] as? String == step["trigger"] as? String)
    }
    for step in steps {
      #expect(try decimal(step, "limit") < decimal(step, "trigger"))
      #expect(try decimal(step, "trigger") < decimal(step, "highest"))
      #expect(step["delay_s"] as? Double == 0, "a simulated exchange answers at once")
    }
    let coverage = try #require(shown["stop_coverage"] as? [String: Any])
    #expect(coverage["covered_share"] as? Double == 1)
    let orders = try rows(shown, "orders")
    #expect(orders.first?["role"] as? String == "entry")
    let entry = try #require(orders.first?["id"] as? String)
    // An order is found by its name, its client order id, and tells the same.
    let order = try #require(
      try await object("orders show \(entry)", in: folder)["order"] as? [String: Any])
    let uuid = try #require(order["client_order_id"] as? String)
    let same = try await object("orders show \(uuid)", in: folder)["order"] as? [String: Any]
    #expect(same?["id"] as? String == entry)
    let executions = try rows(try await object("trades position \(id)", in: folder), "fills")
    #expect(executions.count == (try rows(shown, "fills")).count)
  }

  @Test func `filters choose pair, time and the latest`() async throws {
    let folder = try await Self.folder()
    let all = try rows(try await object("orders list --all", in: folder), "orders")
    let own = try rows(try await object("orders list --all --pair ETH-USD", in: folder), "orders")
    #expect(own.count == all.count { $0["pair"] as? String == "ETH-USD" } && !own.isEmpty)
    let last = try rows(try await object("orders list --all --limit 3", in: folder), "orders")
    #expect(last.map { $0["id"] as? String } == all.suffix(3).map { $0["id"] as? String })
    let times = all.compactMap { $0["submitted"] as? Double }
    try #require(times.count == all.count && times.count > 9)
    // Ten digits of seconds are a moment as well.
    let (since, until) = (Int64(times[3]), Int64(times[9]))
    let some = try rows(
      try await object("orders list --all --since \(since) --until \(until)", in: folder), "orders")
    #expect(some.count == times.count { $0 >= Double(since) && $0 < Double(until) })
    #expect(!some.isEmpty)
  }

  // MARK: - Text

  @Test func `tables stay within 80 columns, and every command has text and JSON`() async throws {
    let folder = try await Self.folder()
    for command in WatchingCommand.all {
      let words = command.subcommand.words.joined(separator: " ")
      let id = words.hasPrefix("orders show") ? " BTC-USD-1" : " BTC-USD-p1"
      let call = command.subcommand.operands.isEmpty ? words : words + id
      let run = try await runner("\(call) --db run.db --json out.json", in: folder)
      #expect(run.code == 0 && run.errors == "wrote out.json\n", "\(call): \(run.errors)")
      for line in run.outputText.split(separator: "\n") {
        #expect(line.count <= 80, "\(call): \(line)")
      }
      let json = try #require(
        try JSONSerialization.jsonObject(with: folder.bytes(of: "out.json")) as? [String: Any])
      #expect(json["db"] as? String == "run.db" && json["kind"] as? String == "backtest")
      let page = try String(
        contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
          .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
          .appending(path: "Documentation/json-formats.md"), encoding: .utf8)
      let format = try #require(json["format"] as? String)
      #expect(page.contains("`\(format)`"), "json-formats.md does not know \(format)")
      for key in json.keys { #expect(page.contains("`\(key)`"), "\(format): \(key)") }
    }
  }

  @Test func `the breaker's state has limits, level and day`() async throws {
    let folder = try await Self.folder()
    let state = try await object("breaker status", in: folder)
    #expect(state["emergency_liquidation_loss_pct"] as? String == "-6")
    #expect(state["level"] as? String == "9400")
    #expect(state["daily_loss_limit_pct"] as? String == "1.5")
    let first = try decimal(state, "day_first_equity")
    #expect(try decimal(state, "day_level") * 1000 == first * 985)
    let run = try await runner("breaker status --db run.db", in: folder)
    #expect(run.outputText.contains("  Level                   9,400.00  -6.00% from 10,000.00\n"))
  }

  @Test func `an entry that was refused for it says that the day is lost`() async throws {
    let folder = try await Self.folder()
    let calm = try await RunnerProcess.shell(
      "sqlite3 run.db \"UPDATE equity SET equity = '9000'; DELETE FROM signals\"", in: folder)
    try #require(calm.code == 0, "\(calm.errors)")
    #expect(try await object("breaker status", in: folder)["day_lost"] as? Bool == false)
    let refused = try await RunnerProcess.shell(
      """
      sqlite3 run.db "INSERT INTO signals (pair, time, outcome, rule)
        SELECT 1, max(time), 'risk', 'daily_loss_limit_pct' FROM equity"
      """, in: folder)
    try #require(refused.code == 0, "\(refused.errors)")
    #expect(try await object("breaker status", in: folder)["day_lost"] as? Bool == true)
    let run = try await runner("breaker status --db run.db", in: folder)
    let line = run.outputText.split(separator: "\n").first { $0.hasPrefix("  Lost ") }
    #expect(line?.contains("yes") == true, "\(run.outputText)")
  }

  @Test func `a halt is told with who has made it`() async throws {
    let folder = try await Self.folder()
    let made = try await RunnerProcess.shell(
      """
      sqlite3 run.db "UPDATE pairs SET is_halted = 1 WHERE pair < 2;
        INSERT INTO requests (made, kind, pair, state) VALUES (1, 'halt', 1, 'done')"
      """, in: folder)
    try #require(made.code == 0, "\(made.errors)")
    for words in ["portfolio summary", "breaker status"] {
      let state = try await object(words, in: folder)
      #expect(state["halted"] as? [String] == ["BTC-USD", "ETH-USD"])
      #expect(state["halted_by_operator"] as? [String] == ["ETH-USD"])
      let run = try await runner("\(words) --db run.db", in: folder)
      #expect(run.outputText.contains("by an operator: ETH-USD; by the session, see"))
      for line in run.outputText.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
    let pairs = try rows(try await object("portfolio pairs", in: folder), "pairs")
    #expect(pairs.map { $0["halted_by"] as? String } == ["session", "operator", nil])
    #expect(pairs.map { $0["halted"] as? Bool } == [true, true, false])
  }

  @Test func `incidents are told to their end, in 80 columns`() async throws {
    let folder = try await Self.folder()
    let made = try await RunnerProcess.shell(
      """
      sqlite3 run.db "INSERT INTO incidents (seq, pair, time, kind, words) VALUES
        (1, 0, 1704067200000000000, 'refused', 'order 5 was refused' || char(27) || '[2J by the
        exchange, which gives a reason that is long: ' || hex(zeroblob(100)) || ' at the end')"
      """, in: folder)
    try #require(made.code == 0, "\(made.errors)")
    let run = try await runner("incidents list --db run.db", in: folder)
    let lines = run.outputText.split(separator: "\n")
    #expect(lines.first == "2024-01-01T00:00:00Z  BTC-USD  refused", "\(run.errors)")
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("    ") && $0.count <= 80 }, "\(lines)")
    #expect(lines.last?.hasSuffix(" at the end") == true, "\(lines)")
    #expect(run.outputText.contains("refused\\u{1b}[2J by"))
  }

  // MARK: - What goes wrong

  @Test func `unknown and ambiguous ids say so`() async throws {
    let folder = try await Self.folder()
    let unknown = try await runner("positions show XRP --db run.db", in: folder)
    #expect(unknown.code == 1)
    #expect(
      unknown.errors
        == "runner: there is no position 'XRP'. 'runner positions list --all' shows those there are\n"
    )
    let unclear = try await runner("orders show 3 --db run.db", in: folder)
    #expect(unclear.code == 1)
    #expect(
      unclear.errors
        == "runner: '3' may be BTC-USD-3, ETH-USD-3, SOL-USD-3: write more of it\n")
  }

  @Test(
    "What is no store says so",
    arguments: [
      ("absent.db", "the database cannot be opened"),
      ("candles/BTC-USD.csv", "this is no SQLite database, or it is encrypted"),
      ("empty.db", "runner db migrate"), ("tables.db", "it has no run in it"),
    ])
  func noStore(_ path: String, _ message: String) async throws {
    let folder = try await Self.folder()
    _ = try await RunnerProcess.shell(
      ": >empty.db; \"$RUNNER\" db migrate apply --db tables.db", in: folder)
    for words in ["positions list", "orders show 1", "portfolio summary", "breaker status"] {
      let run = try await runner("\(words) --db \(path)", in: folder)
      #expect(run.code == 3 || (run.code == 1 && path == "tables.db"), "\(words): \(run.errors)")
      #expect(run.errors.contains(path) && run.errors.contains(message), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
  }

  @Test(
    "A slip on the command line names the option",
    arguments: [
      ("positions list --all --closed", "--all and --closed do not go together"),
      ("orders list --open --all", "--all and --open do not go together"),
      ("orders list --limit 0", "--limit is '0', expected a whole number above 0"),
      ("trades list --since noon", "--since: 'noon' is no moment"),
      (
        "trades list --since 20240105 --until 20240104",
        "--since and --until do not go together: the one must come before the other"
      ),
      ("trades list --pair BTC", "--pair is 'BTC', expected BTC-USD or ETH-USD or SOL-USD"),
    ])
  func slips(_ words: String, _ message: String) async throws {
    let folder = try await Self.folder()
    let run = try await runner("\(words) --db run.db", in: folder)
    #expect(run.code == 2)
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  @Test func `an encrypted store is read with its password`() async throws {
    let folder = try await Self.folder()
    let plain = try await runner("portfolio summary --db run.db", in: folder)
    let key = ["RATCHET_DB_PASSWORD": "tell nobody"]
    let made = try await runner("db encrypt --db run.db", in: folder, key)
    try #require(made.code == 0, "\(made.errors)")
    let read = try await runner("portfolio summary --db run.db", in: folder, key)
    #expect(read.code == 0 && read.outputText == plain.outputText, "\(read.errors)")
    let refused = try await runner("portfolio summary --db run.db", in: folder)
    #expect(refused.code == 3 && refused.errors.contains("or it is encrypted"))
  }

  @Test func `an engine that writes is read as it goes on, also after it was killed`() async throws
  {
    let folder = try await PortfolioFolder.make()
    let run = try await RunnerProcess.bash(
      """
      "$RUNNER" paper --csv candles -c pairs.yaml --db live.db --speed 6000 >/dev/null 2>&1 &
      engine=$!
      until "$RUNNER" orders list --all --db live.db >orders 2>/dev/null && grep -q stop orders
      do kill -0 $engine || exit 9; sleep 0.1; done
      for command in 'positions list --all' 'portfolio summary' 'trades summary' 'breaker status'
      do "$RUNNER" $command --db live.db || exit 8; done
      kill -0 $engine || exit 7
      kill -9 $engine; wait $engine
      "$RUNNER" portfolio summary --db live.db
      """, in: folder)
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.outputText.contains("Portfolio\npaper of confluence, as of 2024-01-"))
  }

  // MARK: - Help

  @Test(
    "A noun's help lists its commands",
    arguments: [
      ("positions", ["list", "show", "force-exit"]), ("orders", ["list", "show", "cancel"]),
      ("trades", ["summary", "list", "position"]),
      ("portfolio", ["summary", "pairs", "concentration", "drift"]),
      ("breaker", ["status", "reset"]),
    ])
  func groups(_ noun: String, _ verbs: [String]) async throws {
    let folder = try TemporaryFolder()
    let help = try await runner("\(noun) --help", in: folder)
    #expect(help.code == 0)
    let lines = help.outputText.split(separator: "\n").map(String.init)
    #expect(lines.count { $0.hasPrefix("  \(noun) ") } == verbs.count)
    for verb in verbs { #expect(lines.contains { $0.hasPrefix("  \(noun) \(verb) ") }, "\(verb)") }
    let bare = try await runner(noun, in: folder)
    #expect(bare.code == 2 && bare.errors.contains("'runner \(noun)' is incomplete"))
  }
}
