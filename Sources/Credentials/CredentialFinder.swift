import Glibc
import Secrets

/// Looks for credentials, in the order of `Documentation/credentials.md`.
///
/// The first place that has any is the one; what is wrong there is an error, and no reason to look
/// further: whoever set `CB_API_KEY` does not mean a file.
package struct CredentialFinder: Sendable {
  /// The value of a variable of the environment.
  private let variable: @Sendable (String) -> String?
  /// The value of `exchange.key_file`.
  private let keyFile: String?

  /// Where to look.
  ///
  /// - Parameters:
  ///   - keyFile: The value of `exchange.key_file`.
  ///   - variable: The environment, by default that of the process.
  package init(
    keyFile: String?,
    variable: @escaping @Sendable (String) -> String? = { name in
      getenv(name).map { String(cString: $0) }
    }
  ) {
    self.keyFile = keyFile
    // An empty variable is none.
    self.variable = { name in variable(name).flatMap { $0.isEmpty ? nil : $0 } }
  }

  /// The file in the user's home; `nil` where nobody says where that is.
  private var homeFile: String? { variable("HOME").map { "\($0)/.coinbase_config.json" } }

  /// Finds them.
  ///
  /// - Returns: Those of the first place that has any.
  /// - Throws: `CredentialError` where no place has any, or what is there is not right.
  package func find() throws(CredentialError) -> ExchangeCredentials {
    if let found = try inEnvironment() { return found }
    if let keyFile { return try CredentialFile.read(.keyFile(keyFile)) }
    if let homeFile, access(homeFile, F_OK) == 0 {
      return try CredentialFile.read(.homeFile(homeFile))
    }
    throw CredentialError(source: nil, problem: .nowhere(homeFile: homeFile))
  }

  private func inEnvironment() throws(CredentialError) -> ExchangeCredentials? {
    let (key, secret) = (variable("CB_API_KEY"), variable("CB_API_SECRET"))
    let passphrase = variable("CB_API_PASSPHRASE")
    guard key != nil || secret != nil || passphrase != nil else { return nil }
    func missing(_ name: String) -> CredentialError {
      CredentialError(source: .environment, problem: .missing([name]))
    }
    guard let key else { throw missing("CB_API_KEY") }
    guard let secret else { throw missing("CB_API_SECRET") }
    do {
      return try ExchangeCredentials(
        name: key, secret: Secret(secret), passphrase: passphrase.map { Secret($0) },
        source: .environment)
    } catch {
      throw CredentialError(source: .environment, problem: .badKey(error))
    }
  }
}
