import Configuration
import Glibc
import Secrets

/// Where the password of an encrypted database comes from; never the command line.
///
/// The first of these that is there: `RATCHET_DB_PASSWORD`, `persistence.encryption_password_file`,
/// `persistence.encryption_password`. A new one: `--new-password-file`, `RATCHET_DB_NEW_PASSWORD`.
enum DatabasePassword {
  static let variable = "RATCHET_DB_PASSWORD"
  static let newVariable = "RATCHET_DB_NEW_PASSWORD"

  /// The option of commands that set a new one.
  static let newOption = Option(
    "--new-password-file", value: "FILE",
    help: "A file that holds the new password alone; otherwise \(newVariable) in the environment.")

  /// The password of the database as it is; `nil` where none is given, which means a plain file.
  static func current(_ settings: PersistenceSettings) throws(SecretFileError) -> Secret? {
    if let secret = environment(variable) { return secret }
    if let path = settings.passwordFile { return try SecretFile.password(path: path) }
    return settings.password
  }

  /// The password that a command cannot do without.
  static func required(_ settings: PersistenceSettings) throws -> Secret {
    guard let password = try current(settings) else { throw DatabasePasswordError.missing }
    return password
  }

  /// The password that the database is to get.
  static func new(_ invocation: Invocation) throws -> Secret {
    if let path = invocation.value(newOption.key) { return try SecretFile.password(path: path) }
    guard let secret = environment(newVariable) else { throw DatabasePasswordError.newMissing }
    return secret
  }

  /// An empty variable is none: that is how a script unsets one for a command.
  private static func environment(_ name: String) -> Secret? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return Secret(String(cString: value))
  }
}

/// A password that nobody gave.
enum DatabasePasswordError: Error, Hashable, CustomStringConvertible {
  case missing
  case newMissing

  var description: String {
    switch self {
    case .missing:
      "there is no password: set \(DatabasePassword.variable), or "
        + "persistence.encryption_password_file or persistence.encryption_password in a "
        + "configuration file (-c FILE)"
    case .newMissing:
      "there is no new password: pass \(DatabasePassword.newOption.key) FILE, or set "
        + DatabasePassword.newVariable
    }
  }
}
