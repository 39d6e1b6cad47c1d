import Persistence

/// Databases of runs.
extension DatabaseArguments {
  /// Where it is and how it is opened.
  func location() throws -> Store.Location {
    Store.Location(path: path, key: try password())
  }

  /// Opens it to look at.
  func read() throws -> Store { try Store.read(at: try location()) }

  /// Whether a process writes it now.
  var hasEngine: Bool {
    get throws { try WriterLock.isHeld(database: path) }
  }
}

extension Store {
  /// The number of the pair that `--pair` names; `nil` where it is not given.
  func pair(of invocation: Invocation) throws(UsageError) -> Int? {
    guard let name = invocation.value("--pair") else { return nil }
    let names = pairs.map(\.product)
    guard let pair = names.firstIndex(of: name) else {
      throw UsageError.invalid(
        option: "--pair", value: name, expected: names.joined(separator: " or "))
    }
    return pair
  }
}
