import JSON
import Secrets

/// A file of credentials: that of Coinbase's developer portal, or one of our own.
enum CredentialFile {
  /// Reads a file of one of the two forms; other members are ignored.
  ///
  /// The portal's has `name` (or `id`) and `privateKey`, ours `key`, `secret` (or `api_key`, `api_secret`)
  /// and, for the Exchange, `passphrase`.
  static func read(_ source: CredentialSource) throws(CredentialError) -> ExchangeCredentials {
    func failure(_ problem: CredentialError.Problem) -> CredentialError {
      CredentialError(source: source, problem: problem)
    }
    let file: JSONValue
    do {
      file = try JSONValue(parsing: try SecretFile.bytes(path: source.path ?? ""))
    } catch let error as SecretFileError {
      throw failure(.file(error))
    } catch let error as JSONError {
      throw failure(.notJSON(line: error.line, column: error.column))
    } catch {
      preconditionFailure("\(error)")
    }
    guard file.kind == .object else { throw failure(.notJSON(line: 1, column: 1)) }
    func text(_ names: String...) -> String? {
      for name in names {
        if let text = file[name]?.string, !text.isEmpty { return text }
      }
      return nil
    }
    let name: String?
    let secret: String?
    let passphrase: String?
    if let privateKey = text("privateKey") {
      (name, secret, passphrase) = (text("name", "id"), privateKey, nil)
      guard name != nil else { throw failure(.missing(["name"])) }
    } else {
      (name, secret) = (text("key", "api_key"), text("secret", "api_secret"))
      passphrase = text("passphrase")
      guard name != nil || secret != nil else {
        throw failure(.missing(["name and privateKey", "key and secret"]))
      }
    }
    guard let name else { throw failure(.missing(["key"])) }
    guard let secret else { throw failure(.missing(["secret"])) }
    do {
      return try ExchangeCredentials(
        name: name, secret: Secret(secret), passphrase: passphrase.map { Secret($0) },
        source: source)
    } catch {
      throw failure(.badKey(error))
    }
  }
}
