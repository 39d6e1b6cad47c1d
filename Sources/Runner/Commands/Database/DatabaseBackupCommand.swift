import Persistence
import Reporting

/// `runner db backup`: a copy of a database that may be in use.
enum DatabaseBackupCommand {
  static let subcommand = Subcommand(
    words: ["db", "backup"], summary: "copy a database, also while an engine writes it",
    operands: ["FILE"], options: DatabaseArguments.options([], "what was made"),
    details: { _, _ in
      """
      FILE is the copy; it must not be there yet. The copy is one moment's, and holds
      all that was committed by then. It has the password of the original, if any, and
      appears when it is complete. To restore it: stop the engine and put it in the
      original's place, of which no -wal and -shm files must be left.

      """ + DatabaseArguments.passwordHelp
    }, run: run)

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    let copy = invocation.operands[0]
    let arguments = try DatabaseArguments(program, invocation, besides: [(copy, "a database")])
    try arguments.log.recording {
      let password = try arguments.password()
      let connection = try Connection(path: arguments.path, mode: .readOnly, key: password)
      try connection.backup(to: copy, key: password)
      var json = JSONWriter()
      json.beginDocument("ratchet-db-backup 1", by: program.identity)
      json.member("db", arguments.path)
      json.member("output", copy)
      json.member("bytes", FileIdentity.size(of: copy) ?? 0)
      json.member("encrypted", password != nil)
      json.endObject()
      try arguments.say(["copied \(arguments.path) to \(copy)"], json)
    }
  }
}
