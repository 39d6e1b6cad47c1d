public import Secrets
import Strategy

extension Section {
  /// How a database is kept; it decides nothing about a run.
  public static let persistence = Section(
    "persistence",
    help: "how a database is kept; RATCHET_DB_PASSWORD in the environment wins over both keys",
    parameters: [
      Parameter(
        "encryption_password", .secret, default: "off",
        help: "opens and makes encrypted databases; in a file only, never on the command line"),
      Parameter(
        "encryption_password_file", .path, default: "off",
        help: "a file that holds the password alone, which only you can read"),
    ])
}

/// How a database is kept.
public struct PersistenceSettings: Sendable {
  /// The password, where a configuration file gives it.
  public let password: Secret?
  /// The file that holds the password.
  public let passwordFile: String?

  init(_ values: Parameters, password: Secret?) {
    self.password = password
    let path = values.text("encryption_password_file")
    passwordFile = path == "off" ? nil : path
  }

  /// There is one place to look for the password.
  static func check(_ values: Parameters) throws(ParameterError) {
    guard values["encryption_password"] == .secret(isGiven: true),
      values.text("encryption_password_file") != "off"
    else { return }
    throw .contradiction(
      key: "encryption_password_file",
      rule: "encryption_password is given as well; keep one of the two")
  }
}

/// By what can be told of them: a secret is not compared.
extension PersistenceSettings: Hashable {
  /// Whether both have a password, or none, and the same file.
  public static func == (left: PersistenceSettings, right: PersistenceSettings) -> Bool {
    (left.password == nil) == (right.password == nil) && left.passwordFile == right.passwordFile
  }

  /// Takes in what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(password == nil)
    hasher.combine(passwordFile)
  }
}
