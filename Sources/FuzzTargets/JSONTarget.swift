import JSON
import LiveBroker
import Market

/// What comes over the wire in JSON: the first line names who reads the rest, as one of the exchange's
/// answers or messages, or, of the sandbox, as a client's; without a name everybody does.
///
/// Whoever reads gives a value or an error of one plain line; JSON that is read is written as the same.
enum JSONTarget {
  static func finding(in bytes: [UInt8]) -> String? {
    let end = bytes.firstIndex(of: UInt8(ascii: "\n"))
    let name = String(decoding: bytes[..<(end ?? 0)], as: UTF8.self)
    let body = Array(bytes[(end.map { $0 + 1 } ?? 0)...])
    if let defect = copyDefect(body) { return defect }
    if let reader = AnswerReaders.named[name] { return defect(reader, body) }
    if let request = SandboxRequests.named[name] { return request(body) }
    for (_, reader) in AnswerReaders.all {
      if let defect = defect(reader, body) { return defect }
    }
    for (_, request) in SandboxRequests.all {
      if let defect = request(body) { return defect }
    }
    return nil
  }

  /// What is read is written as something that is read as the same.
  private static func copyDefect(_ body: [UInt8]) -> String? {
    let value: JSONValue
    do throws(JSONError) { value = try JSONValue(parsing: body) } catch {
      return textDefect("\(error)")
    }
    let written = copy(value).bytes
    guard let again = try? JSONValue(parsing: written) else {
      return
        "what was read is written as what cannot be read: \(String(decoding: written, as: UTF8.self))"
    }
    return copy(again).bytes == written ? nil : "written twice it is not the same"
  }

  private static func copy(_ value: JSONValue) -> JSONTree {
    switch value.kind {
    case .null: .null
    case .bool: .bool(value.bool ?? false)
    case .number: .number(value.number ?? "")
    case .string: .string(value.string ?? "")
    case .array: .array(value.elements.map(copy))
    case .object: .object(value.members.map { ($0.key, copy($0.value)) })
    }
  }

  private static func defect(_ read: AnswerReaders.Reader, _ body: [UInt8]) -> String? {
    // An answer that says no is read by other code than one that says yes.
    for status in [200, 400, 401, 429] {
      do { try read(HTTPAnswer(status: status, headers: [], body: body)) } catch {
        if let defect = textDefect("\(error)") { return defect }
      }
    }
    return nil
  }

  /// Errors are for one line of a log.
  static func textDefect(_ text: String) -> String? {
    if text.isEmpty { return "an error that says nothing" }
    if text.utf8.count > 4000 { return "an error of \(text.utf8.count) bytes" }
    let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    return isPlain ? nil : "an error that is not one plain line: \(text.debugDescription)"
  }
}
