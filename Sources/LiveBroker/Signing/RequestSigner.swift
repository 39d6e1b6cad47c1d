package import Credentials
package import Market
package import Secrets

/// Signs requests and subscriptions, with whichever kind of key there is.
///
/// Time and nonce are inputs: the time is the exchange's, as the shell knows it from `serverTime`.
package struct RequestSigner: Sendable {
  /// A header whose value nobody should print.
  package struct Header: Sendable {
    /// Its name.
    package var name: String
    /// Its value.
    package var value: Secret
  }

  private enum Means {
    case token(WebToken)
    case code(HMACKey, passphrase: Secret)
  }

  private let keyName: String
  private let means: Means

  /// A signer with these credentials.
  package init(_ credentials: ExchangeCredentials) {
    keyName = credentials.name
    switch credentials.signer {
    case .token(let key): means = .token(WebToken(keyName: credentials.name, key: key))
    case .hmac(let secret, let passphrase):
      guard let key = HMACKey(secret) else {
        preconditionFailure("credentials of the Exchange are checked when they are read")
      }
      means = .code(key, passphrase: passphrase)
    }
  }

  /// Whose API the key is for.
  package var api: ExchangeAPI {
    switch means {
    case .token: .advancedTrade
    case .code: .exchange
    }
  }

  /// The headers that a request needs.
  ///
  /// - Parameters:
  ///   - request: What is to be sent.
  ///   - host: As in the `Host` header, with the port where that has one.
  ///   - now: The exchange's time.
  ///   - nonce: Random hexadecimal digits, another for each request; the Exchange needs none.
  /// - Returns: One with a token, or four of the Exchange.
  package func headers(
    for request: ExchangeRequest, host: String, now: Timestamp, nonce: String
  ) -> [Header] {
    switch means {
    case .token(let token):
      let uri = WebToken.uri(method: request.method.rawValue, host: host, path: request.path)
      let signed = token.signed(uri: uri, now: now.seconds, nonce: nonce)
      return [Header(name: "Authorization", value: Secret("Bearer \(signed.reveal())"))]
    case .code(let key, let passphrase):
      let time = "\(now.seconds)"
      let signature = key.signature(
        timestamp: time, method: request.method.rawValue, path: request.target, body: request.body)
      return [
        Header(name: "CB-ACCESS-KEY", value: Secret(keyName)),
        Header(name: "CB-ACCESS-SIGN", value: Secret(signature)),
        Header(name: "CB-ACCESS-TIMESTAMP", value: Secret(time)),
        Header(name: "CB-ACCESS-PASSPHRASE", value: passphrase),
      ]
    }
  }

  /// The token of a message to Advanced Trade's WebSocket; `nil` with a key of the Exchange.
  package func subscriptionToken(now: Timestamp, nonce: String) -> Secret? {
    switch means {
    case .token(let token): token.signed(uri: nil, now: now.seconds, nonce: nonce)
    case .code: nil
    }
  }

  /// What proves who subscribes to the Exchange's feed; `nil` with a key of Advanced Trade.
  package func subscriptionProof(now: Timestamp) -> ExchangeFeed.Proof? {
    switch means {
    case .token: return nil
    case .code(let key, let passphrase):
      let time = "\(now.seconds)"
      return ExchangeFeed.Proof(
        key: keyName, signature: key.subscribeSignature(timestamp: time),
        passphrase: passphrase, timestamp: time)
    }
  }
}
