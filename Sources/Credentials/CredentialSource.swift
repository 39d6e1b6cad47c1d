/// A place where credentials may be.
package enum CredentialSource: Hashable, Sendable, CustomStringConvertible {
  /// `CB_API_KEY`, `CB_API_SECRET`, `CB_API_PASSPHRASE`.
  case environment
  /// The file that `exchange.key_file` names.
  case keyFile(String)
  /// `~/.coinbase_config.json`.
  case homeFile(String)
  /// A sandbox that made them itself.
  case sandbox

  /// The file, where it is one.
  package var path: String? {
    switch self {
    case .environment, .sandbox: nil
    case .keyFile(let path), .homeFile(let path): path
    }
  }

  /// As a message calls it.
  package var description: String {
    switch self {
    case .environment: "environment (CB_API_KEY, CB_API_SECRET)"
    case .keyFile(let path): "\(path) (exchange.key_file)"
    case .homeFile(let path): path
    case .sandbox: "the sandbox's own keys"
    }
  }
}
