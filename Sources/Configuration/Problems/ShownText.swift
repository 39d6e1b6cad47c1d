/// Text from outside as a message may show it: on one line, so many characters, no control codes.
///
/// A value may be a megabyte long, or carry an escape sequence for the reader's terminal.
///
/// - Parameters:
///   - text: The text.
///   - limit: How many of its characters; 48 are enough for a name or a value, a sentence needs more.
/// - Returns: Those, and an ellipsis for the rest.
package func shown(_ text: some StringProtocol, atMost limit: Int = 48) -> String {
  var result = ""
  for (index, scalar) in text.unicodeScalars.enumerated() {
    guard index < limit else { return result + "…" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
      .unassigned:
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default:  // Not our enum: letters, digits, marks, punctuation, symbols.
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}
