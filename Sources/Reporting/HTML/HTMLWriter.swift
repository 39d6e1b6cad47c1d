/// Writes HTML element by element.
///
/// Markup is `StaticString`, which only a literal of the source can be; every other text is escaped.
/// So nothing that a user named, such as a file or a product, can ever become markup.
struct HTMLWriter {
  private(set) var block = TextBlock()

  /// Hands on what was written, if it is a good deal or `always`, and forgets it.
  mutating func drain<Failure: Error>(
    always: Bool = false, into sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try block.drain(always: always, into: sink)
  }

  /// Markup as it stands in the source.
  mutating func markup(_ markup: StaticString) {
    markup.withUTF8Buffer { for byte in $0 { block.append(byte) } }
  }

  /// Text, for between tags and within quoted attributes alike.
  mutating func text(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): block.append("&amp;")
      case UInt8(ascii: "<"): block.append("&lt;")
      case UInt8(ascii: ">"): block.append("&gt;")
      case UInt8(ascii: "\""): block.append("&quot;")
      case UInt8(ascii: "'"): block.append("&#39;")
      // A page may hold no other control characters; a file name may.
      case 0x00..<0x09, 0x0B, 0x0C, 0x0E..<0x20, 0x7F: block.append("\u{FFFD}")
      default: block.append(byte)
      }
    }
  }

  /// The start of an element.
  mutating func begin(
    _ tag: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:]
  ) {
    markup("<")
    markup(tag)
    for (name, value) in attributes {
      markup(" ")
      markup(name)
      markup("=\"")
      text(value)
      markup("\"")
    }
    markup(">")
  }

  /// The end of an element.
  mutating func end(_ tag: StaticString) {
    markup("</")
    markup(tag)
    markup(">")
  }

  /// An element with nothing but text in it.
  mutating func element(_ tag: StaticString, _ content: String) { element(tag, [:], content) }

  /// An element with attributes and nothing but text in it.
  mutating func element(
    _ tag: StaticString, _ attributes: KeyValuePairs<StaticString, String>, _ content: String
  ) {
    begin(tag, attributes)
    text(content)
    end(tag)
  }

  /// A table of the console.
  mutating func table(_ table: TextTable) {
    markup("<table>\n<thead><tr>")
    for column in table.columns {
      element("th", ["scope": "col", "class": column.isNumber ? "n" : "t"], column.title)
    }
    markup("</tr></thead>\n<tbody>\n")
    for row in table.rows {
      markup("<tr>")
      for (column, cell) in zip(table.columns, row) {
        element("td", ["class": column.isNumber ? "n" : "t"], Display.typeset(cell))
      }
      markup("</tr>\n")
    }
    markup("</tbody>\n</table>")
  }

  /// A block of data that the page's script reads: base64 and the like, without anything to escape.
  mutating func data<Failure: Error>(
    _ id: String, to sink: ([UInt8]) throws(Failure) -> Void,
    _ write: (inout TextBlock) throws(Failure) -> Void
  ) throws(Failure) {
    markup("<script type=\"text/plain\" id=\"")
    text(id)
    markup("\">")
    try write(&block)
    markup("</script>\n")
    try drain(into: sink)
  }

  /// A block of JSON that the page's script reads.
  mutating func json(_ id: String, _ json: JSONWriter) {
    markup("<script type=\"application/json\" id=\"")
    text(id)
    markup("\">")
    // Only strings can hold a "<"; escaped there, no string can end the element it stands in.
    for byte in json.bytes {
      if byte == UInt8(ascii: "<") { block.append("\\u003c") } else { block.append(byte) }
    }
    markup("</script>\n")
  }

  /// What the program itself brings: its style sheet and script.
  mutating func asset(_ bytes: [UInt8]) { for byte in bytes { block.append(byte) } }
}
