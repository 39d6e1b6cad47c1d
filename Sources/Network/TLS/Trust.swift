import Glibc

/// Whom a client trusts: the authorities of the system, or nobody, and those added here.
///
/// There is no way to trust everybody.
package struct Trust: Hashable, Sendable {
  private enum Source: Hashable, Sendable {
    case pem(String)
    case file(String)
  }

  /// Whether the system's authorities are among them.
  let includesSystem: Bool
  private var sources: [Source] = []

  private init(includesSystem: Bool) { self.includesSystem = includesSystem }

  /// The system's authorities alone; reading them takes 40 ms.
  package static let system = Trust(includesSystem: true)

  /// Nobody: what a server of one's own begins with, whose authority is added.
  package static let nobody = Trust(includesSystem: false)

  /// Also the authorities in a PEM.
  package func adding(pem: String) -> Trust {
    var trust = self
    trust.sources.append(.pem(pem))
    return trust
  }

  /// Also the authorities in a file; it is read when a client is made.
  package func adding(file: String) -> Trust {
    var trust = self
    trust.sources.append(.file(file))
    return trust
  }

  func authorities() throws(NetworkError) -> [Certificate] {
    var all: [Certificate] = []
    for source in sources {
      switch source {
      case .pem(let text): all += try Self.certificates(in: text, of: "TLS")
      case .file(let path):
        all += try Self.certificates(in: try Self.text(ofFile: path), of: path)
      }
    }
    return all
  }

  private static func certificates(
    in text: String, of place: String
  ) throws(NetworkError) -> [Certificate] {
    let found = try Certificate.all(inPEM: text)
    guard !found.isEmpty else {
      throw NetworkError(.badCertificate("there is no certificate in the PEM"), at: place)
    }
    return found
  }

  private static func text(ofFile path: String) throws(NetworkError) -> String {
    guard let file = fopen(path, "re") else {
      throw NetworkError(
        .badCertificate("the file cannot be read: \(EventLoop.text(errno))"), at: path)
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
      guard bytes.count <= 4_194_304 else {
        throw NetworkError(.badCertificate("the file is too large for authorities"), at: path)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Who a server is: its certificate, with those in between behind it, and its key, as PEM.
package struct TLSIdentity: Sendable {
  package let certificate: String
  package let key: String

  package init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }
}
