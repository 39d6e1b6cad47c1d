import Credentials
import JSON
import LiveBroker
import Network
import Secrets

/// A local exchange in a process of its own, as its folder of keys and addresses describes it.
struct NeighbouringExchange {
  /// Which of its keys is used, and so which of its APIs.
  enum Key: String, CaseIterable {
    case es256
    case ed25519
    case exchange

    fileprivate var file: String { self == .exchange ? "exchange.json" : "advanced-\(self).json" }
    /// Whose API it is for.
    var api: ExchangeAPI { self == .exchange ? .exchange : .advancedTrade }
    /// Its kind.
    var kind: KeyKind {
      switch self {
      case .es256: .es256
      case .ed25519: .ed25519
      case .exchange: .hmac
      }
    }
  }

  /// Whose API it speaks.
  let api: ExchangeAPI
  /// Where it is.
  let addresses: ExchangeAddresses
  /// Its authority, and nobody else's.
  let trust: Trust

  /// Who we are there, by a key in the folder.
  static func credentials(in folder: String, _ key: Key) throws(CredentialError)
    -> ExchangeCredentials
  {
    try CredentialFinder(keyFile: "\(folder)/\(key.file)", variable: { _ in nil }).find()
  }

  /// Reads where it is from the folder that `runner sandbox --credentials` has written.
  ///
  /// - Throws: `SecretFileError`, `ExchangeFolderError`, `NetworkError`.
  init(folder: String, key: Key) throws {
    api = key.api
    trust = Trust.nobody.adding(file: "\(folder)/ca.pem")
    let path = "\(folder)/urls.json"
    let name = api == .exchange ? "exchange" : "advanced"
    let urls: JSONValue
    do { urls = try JSONValue(parsing: try SecretFile.bytes(path: path)) } catch let error
      as JSONError
    {
      throw ExchangeFolderError(path: path, why: "\(error)")
    }
    guard let rest = urls[name]?["rest"]?.string, let feed = urls[name]?["websocket"]?.string else {
      throw ExchangeFolderError(path: path, why: "it has no \(name).rest and \(name).websocket")
    }
    addresses = ExchangeAddresses(
      rest: try WebAddress(rest).endpoint, feed: try WebAddress(feed))
  }
}

/// A folder that is none of a local exchange.
struct ExchangeFolderError: Error, CustomStringConvertible {
  let path: String
  let why: String

  var description: String {
    "\(path): \(why). It is written by 'runner sandbox --credentials FOLDER'"
  }
}
