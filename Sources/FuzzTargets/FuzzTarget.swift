/// What a fuzzer feeds with bytes of its invention; `scripts/fuzz`.
///
/// A crash or a hang is one kind of finding, a broken promise the other. The tests run the same
/// checks on the corpus, so that what a fuzzer once found stays found without one.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// Files of candles, read past libcsv and through it.
  case csv
  /// Decimals, in every type and by every way to read one.
  case decimal
  /// Configuration files.
  case yaml
  /// Events and commands of a record.
  case record
  /// Whole databases.
  case database
  /// What exchanges say to us and clients to the sandbox.
  case json
  /// Requests to our server and answers to our client, as bytes on a connection.
  case http
  /// WebSockets of both, likewise.
  case frames

  /// The promise that these bytes break, or `nil`.
  public func finding(in bytes: [UInt8]) -> String? {
    switch self {
    case .csv: CSVTarget.finding(in: bytes)
    case .decimal: DecimalTarget.finding(in: bytes)
    case .yaml: YAMLTarget.finding(in: bytes)
    case .record: RecordTarget.finding(in: bytes)
    case .database: DatabaseTarget.finding(in: bytes)
    case .json: JSONTarget.finding(in: bytes)
    case .http: WireTarget.http(bytes)
    case .frames: WireTarget.frames(bytes)
    }
  }

  /// Stops the program at a broken promise, which is how a fuzzer learns of one.
  public func check(_ start: UnsafePointer<UInt8>?, count: Int) {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let finding = finding(in: bytes) { fatalError("\(self): \(finding)") }
  }
}
