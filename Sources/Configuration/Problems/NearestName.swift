/// The known name that a mistyped one most likely meant, for a "did you mean".
///
/// Damerau–Levenshtein distance with adjacent swaps (optimal string alignment), letter case ignored.
/// A name counts as meant up to one error in three letters, and three errors at most.
///
/// - Returns: The nearest of `names`, the first of several; `nil` where none is near.
/// - Complexity: O(`names` · length²), and names much longer or shorter are not looked at.
/// - Source: F. Damerau, *A technique for computer detection and correction of spelling errors*
///   (1964).
public func nearestName(to text: String, among names: [String]) -> String? {
  // No name is this long; a hostile text of a megabyte is not worth lowercasing.
  guard text.utf8.count <= 256 else { return nil }
  let wanted = Array(text.lowercased())
  let limit = min(3, max(1, wanted.count / 3))
  var best: (name: String, distance: Int)?
  for name in names {
    let letters = Array(name.lowercased())
    guard abs(letters.count - wanted.count) <= limit else { continue }
    let distance = editDistance(from: wanted, to: letters)
    if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
  }
  return best?.name
}

/// How many insertions, deletions, replacements and swaps of neighbours lead from one to the other.
private func editDistance(from source: [Character], to target: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...target.count)
  for row in source.indices {
    var current = [row + 1]
    for column in target.indices {
      let isSame = source[row] == target[column]
      var least = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, source[row] == target[column - 1], source[row - 1] == target[column] {
        least = min(least, beforeLast[column - 1] + 1)
      }
      current.append(least)
    }
    beforeLast = last
    last = current
  }
  return last[target.count]
}
