extension String {
  /// Words of the other side as people may see them: one line of printable characters, and not too many.
  ///
  /// - Parameter limit: How many.
  /// - Returns: Those.
  package func plainLine(upTo limit: Int = 200) -> String {
    let line = unicodeScalars.prefix(limit).map { scalar in
      scalar.value < 0x20 || scalar.value == 0x7F ? " " : String(scalar)
    }.joined()
    return String(line.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
