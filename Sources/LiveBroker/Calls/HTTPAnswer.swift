/// What came back for a request, whole.
package struct HTTPAnswer: Hashable, Sendable {
  /// The status, such as 200.
  package var status: Int
  /// The headers as they came.
  package var headers: [Header]
  /// The body's bytes.
  package var body: [UInt8]

  /// One line of the head.
  package struct Header: Hashable, Sendable {
    /// Its name, in any spelling of capitals.
    package var name: String
    /// Its value.
    package var value: String

    /// A header.
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// An answer of these parts.
  package init(status: Int, headers: [Header] = [], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The value of the first header of a name; capitals do not matter.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
