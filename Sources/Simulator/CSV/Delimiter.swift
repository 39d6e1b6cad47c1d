/// What stands between two fields of a row.
public enum Delimiter: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
  /// `,`
  case comma
  /// `;`
  case semicolon
  /// A tab.
  case tab

  /// Its name, as `--delimiter` takes it.
  public var description: String { rawValue }

  /// Its ASCII code.
  package var byte: UInt8 {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    }
  }

  /// Those that occur in a line outside quotes, in the order of the cases.
  static func found(in line: UnsafeRawBufferPointer) -> [Delimiter] {
    var isQuoted = false
    var seen: Set<UInt8> = []
    for byte in line {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted { seen.insert(byte) }
    }
    return allCases.filter { seen.contains($0.byte) }
  }
}
