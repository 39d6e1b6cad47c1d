import Market
import Persistence
import Reporting

/// `runner db migrate`: the schema's version, and the way from one to another.
enum DatabaseMigrateCommand {
  private enum Action: String, CaseIterable {
    case list, apply, rollback
  }

  static let subcommand = Subcommand(
    words: ["db", "migrate"], summary: "list, apply or roll back migrations of a database",
    operands: ["ACTION"], operandChoices: .words(Action.allCases.map(\.rawValue)),
    options: DatabaseArguments.options(
      [
        Option("--dry-run", help: "Print the SQL and change nothing; with apply and rollback."),
        Option("--to", value: "N", help: "Apply up to this version; otherwise up to the newest."),
        Option("--last", help: "Roll back the last migration; rollback wants it said."),
      ], "what was found or done"),
    details: { _, _ in
      """
      list       shows every migration, and when it was applied to this database.
      apply      makes a new database, or brings an older one up to date.
      rollback   takes the last migration back, with the rows of the tables it made.

      Each migration is one transaction: it is done wholly or not at all. While
      another process writes the database, nothing is changed. Make a backup first:
      runner db backup FILE --db FILE.

      """ + DatabaseArguments.passwordHelp
    }, run: run)

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    let word = invocation.operands[0]
    guard let action = Action(rawValue: word) else {
      throw UsageError.invalid(
        option: "ACTION", value: word,
        expected: Action.allCases.map(\.rawValue)
          .joined(separator: " or "))
    }
    for (option, actions) in [
      ("--dry-run", [.apply, .rollback]), ("--to", [.apply]), ("--last", [.rollback]),
    ] as [(String, [Action])] where invocation.given.contains(where: { $0.key == option }) {
      guard actions.contains(action) else {
        throw UsageError.useless(
          option, without: actions.map(\.rawValue).joined(separator: " or "))
      }
    }
    if action == .rollback, !invocation.has("--last") {
      throw UsageError.missing("--last (it undoes one migration, the last)")
    }
    let arguments = try DatabaseArguments(program, invocation)
    try arguments.log.recording {
      switch action {
      case .list: try list(program, arguments)
      case .apply, .rollback:
        let change = Change(
          arguments, program.migrator, isUp: action == .apply, target: try target(invocation))
        try report(
          invocation.has("--dry-run") ? change.plan() : change.perform(),
          isDry: invocation.has("--dry-run"), isUp: action == .apply, program, arguments)
      }
    }
  }

  private static func target(_ invocation: Invocation) throws(UsageError) -> Int? {
    guard let text = invocation.value("--to") else { return nil }
    guard let version = Int(text), version > 0 else {
      throw .invalid(option: "--to", value: text, expected: "a version, 1 or more")
    }
    return version
  }

  // MARK: - List

  private static func list(_ program: Program, _ arguments: DatabaseArguments) throws {
    let migrator = program.migrator
    let applied = try migrator.applied(to: try arguments.open(.readOnly))
    var json = JSONWriter()
    json.beginDocument("ratchet-db-migrations 1", by: program.identity)
    json.member("db", arguments.path)
    json.member("version", applied.count)
    json.member("newest", migrator.newest)
    json.key("migrations")
    json.beginArray(.lines)
    var lines: [String] = []
    for migration in migrator.migrations {
      let time = applied.first { $0.version == migration.version }?.appliedAt
      lines.append(
        "\(migration.version)  \(migration.name)  "
          + (time.map { "applied \($0)" } ?? "not applied"))
      json.beginObject()
      json.member("version", migration.version)
      json.member("name", migration.name)
      json.member("checksum", migration.checksum)
      json.member("applied", time)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    try arguments.say(lines, json)
  }

  // MARK: - Apply and roll back

  /// A change of version, done or only planned.
  private struct Change {
    let arguments: DatabaseArguments
    let migrator: Migrator
    let isUp: Bool
    let target: Int?

    init(_ arguments: DatabaseArguments, _ migrator: Migrator, isUp: Bool, target: Int?) {
      self.arguments = arguments
      self.migrator = migrator
      self.isUp = isUp
      self.target = target
    }

    func plan() throws -> [Migration] {
      // A database that is not there would be made.
      let version =
        isUp && !arguments.exists
        ? 0 : try migrator.applied(to: try arguments.open(.readOnly)).count
      guard isUp else { return Array(migrator.migrations[..<version].suffix(1)) }
      return try migrator.steps(from: version, upTo: target, path: arguments.path)
    }

    func perform() throws -> [Migration] {
      if !isUp, !arguments.exists { _ = try arguments.open(.readOnly) }
      try Connection.checkName(arguments.path)
      let lock = try WriterLock(database: arguments.path)
      defer { withExtendedLifetime(lock) {} }
      let connection = try arguments.open(isUp ? .create : .readWrite)
      return isUp
        ? try migrator.apply(to: connection, upTo: target, at: .now)
        : try migrator.rollBackLast(connection).map { [$0] } ?? []
    }
  }

  private static func report(
    _ migrations: [Migration], isDry: Bool, isUp: Bool, _ program: Program,
    _ arguments: DatabaseArguments
  ) throws {
    var json = JSONWriter()
    json.beginDocument("ratchet-db-migrate 1", by: program.identity)
    json.member("db", arguments.path)
    json.member("action", isUp ? "apply" : "rollback")
    json.member("dry_run", isDry)
    json.key("migrations")
    json.beginArray(.lines)
    var lines: [String] = []
    for migration in migrations {
      let sql = isUp ? migration.up : migration.down
      json.beginObject()
      json.member("version", migration.version)
      json.member("name", migration.name)
      json.member("sql", sql)
      json.endObject()
      lines.append(
        isDry
          ? "-- \(migration.version) \(migration.name)\n\(sql)"
          : "\(isUp ? "applied" : "rolled back") \(migration.version) \(migration.name)")
    }
    json.endArray()
    json.endObject()
    if migrations.isEmpty { lines = [isUp ? "nothing to apply" : "nothing to roll back"] }
    try arguments.say(lines, json)
  }
}

extension DatabaseArguments {
  /// Says what was found: lines for people, and the document for programs.
  func say(_ lines: [String], _ json: JSONWriter) throws {
    try target?.write(json.bytes)
    if target?.isStandardOutput != true, !lines.isEmpty {
      try Output.data(lines.joined(separator: "\n") + "\n")
    }
    target?.announce(log)
  }
}
