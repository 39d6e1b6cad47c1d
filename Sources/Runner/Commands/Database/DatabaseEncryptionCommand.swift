import Configuration
import Persistence
import Reporting

/// `runner db encrypt`, `decrypt` and `rekey`: whether a database is encrypted, and how.
enum DatabaseEncryptionCommand {
  private enum Action: String {
    case encrypt, decrypt, rekey
  }

  static let encrypt = subcommand(
    .encrypt, "encrypt a plain database",
    """
    The password is the first of these that is given: RATCHET_DB_PASSWORD in the
    environment, the file that persistence.encryption_password_file names,
    persistence.encryption_password in a configuration file (-c FILE). Lost, it
    cannot be had back, and neither can the database. Blocks of the disk that held
    the plain file may hold it until they are written anew, and so may backups.
    """)

  static let decrypt = subcommand(
    .decrypt, "make an encrypted database a plain one", DatabaseArguments.passwordHelp)

  static let rekey = subcommand(
    .rekey, "give an encrypted database another password", DatabaseArguments.passwordHelp,
    [DatabasePassword.newOption])

  private static func subcommand(
    _ action: Action, _ summary: String, _ passwords: String, _ options: [Option] = []
  ) -> Subcommand {
    Subcommand(
      words: ["db", action.rawValue], summary: summary,
      options: DatabaseArguments.options(options, "what was done"),
      details: { _, _ in
        """
        Writes a new file beside the old one and puts it in its place when it is
        complete; killed at any moment, it leaves the one or the other. Nobody else may
        have the database open.

        """ + passwords
      }, run: { program, invocation in try run(action, program, invocation) })
  }

  private static func run(
    _ action: Action, _ program: Program, _ invocation: Invocation
  ) throws {
    let arguments = try DatabaseArguments(program, invocation)
    try arguments.log.recording {
      let password = try DatabasePassword.required(arguments.settings.persistence)
      arguments.log.hide(password)
      let change: EncryptionChange
      switch action {
      case .encrypt: change = .encrypt(with: password)
      case .decrypt: change = .decrypt(with: password)
      case .rekey:
        let new = try DatabasePassword.new(invocation)
        arguments.log.hide(new)
        change = .rekey(from: password, to: new)
      }
      let rows = try change.perform(on: arguments.path)
      var json = JSONWriter()
      json.beginDocument("ratchet-db-encryption 1", by: program.identity)
      json.member("db", arguments.path)
      json.member("action", action.rawValue)
      json.member("encrypted", action != .decrypt)
      json.member("rows", rows)
      json.endObject()
      let done =
        switch action {
        case .encrypt: "is encrypted now"
        case .decrypt: "is a plain file now"
        case .rekey: "has another password now"
        }
      try arguments.say(["\(arguments.path) \(done), \(rows) rows"], json)
    }
  }
}
