/// Text from outside as a message may show it: on one line, at most 48 characters, no control codes.
///
/// A value may be a megabyte long, or carry an escape sequence for the reader's terminal.
package func shown(_ text: some StringProtocol) -> String {
  var result = ""
  for (index, scalar) in text.unicodeScalars.enumerated() {
    guard index < 48 else { return result + "…" }
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
