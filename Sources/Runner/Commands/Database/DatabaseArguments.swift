import Configuration
import Glibc
import Persistence
import Secrets

/// What the commands of `runner db` are told: the file, and how to open it.
struct DatabaseArguments {
  /// `--db FILE`.
  static let option = Option(
    "--db", value: "FILE", isRequired: true, help: "The database.")

  /// The options that every one of them has, with its own in between.
  static func options(_ own: [Option], _ json: String) -> [Option] {
    [option] + own + [JSONTarget.option(json)]
      + SettingsOptions.options("--config", "--set", "--log-level", "--log-format")
  }

  static let passwordHelp = """
    The password of an encrypted database is the first of these that is given:
    RATCHET_DB_PASSWORD in the environment, the file that
    persistence.encryption_password_file names, persistence.encryption_password in a
    configuration file (-c FILE). Without one, the database is a plain file.
    """

  let path: String
  let settings: Settings
  let target: JSONTarget?
  let log: CommandLog

  /// Reads the words of a command line; `files` are what else the command reads or writes.
  ///
  /// - Throws: What is wrong with the command line or the configuration.
  init(
    _ program: Program, _ invocation: Invocation,
    besides files: [(path: String, name: String)] = []
  ) throws {
    path = invocation.value(Self.option.key) ?? ""
    target = try JSONTarget(invocation, besides: [(path: path, name: "a database")] + files)
    settings = try SettingsOptions.settings(program, invocation)
    log = CommandLog(settings.logging, of: program)
  }

  /// The password, which from now on no log shows.
  func password() throws -> Secret? {
    let password = try DatabasePassword.current(settings.persistence)
    if let password { log.hide(password) }
    return password
  }

  /// Opens the database.
  func open(_ mode: ConnectionMode) throws -> Connection {
    try Connection(path: path, mode: mode, key: try password())
  }

  /// Whether anything is at the path.
  var exists: Bool { access(path, F_OK) == 0 }
}
