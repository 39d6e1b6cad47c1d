public import JSON

/// What differs between a recorded result and the same run made again, both as `ratchet-result 1`
/// or both as `ratchet-portfolio 1`.
///
/// Every member is compared, whatever it is called: strings to the last character, numbers by the
/// double they are, lists element by element. Of each section only the first difference is kept,
/// since one fill that differs moves everything behind it; of each pair of several the first of its causes.
public struct ResultComparison: Hashable, Sendable {
  /// A place where the two disagree.
  public struct Difference: Hashable, Sendable {
    /// The member of the document, such as `fills`.
    public var section: String
    /// Where in it: `no. 17, price`; empty for all of it.
    public var place: String
    /// What the file says; `nothing` where it has no such value.
    public var recorded: String
    /// What the run says now.
    public var now: String

    /// A difference of these words.
    public init(section: String, place: String = "", recorded: String, now: String) {
      self.section = section
      self.place = place
      self.recorded = recorded
      self.now = now
    }
  }

  /// The first difference of each section that has one, causes before consequences.
  public private(set) var differences: [Difference] = []
  /// Members that only one of the two has, where the versions of the program differ.
  public private(set) var notCompared: [String] = []

  /// What says where a run came from, and is no part of what happened.
  private static let origin: Set = ["format", "program", "manifest", "csv"]
  /// Causes before consequences; sections that are not here follow in the order of the document.
  private static let order = [
    "product", "interval", "parameters", "set", "pairs", "candles", "indicators", "signals",
    "refusals", "orders", "fills", "trades", "open_position", "working_orders", "anomalies",
    "counts", "starting_cash", "final_cash", "final_position", "final_equity", "metrics",
  ]

  /// Compares two documents.
  ///
  /// - Parameters:
  ///   - recorded: That of the file.
  ///   - now: That of the repeated run.
  ///   - isSameVersion: Whether one version of the program made both. Members may be added from
  ///     version to version, so that one which is missing is a difference only within a version.
  public init(recorded: JSONValue, now: JSONValue, isSameVersion: Bool) {
    let keys = recorded.members.map(\.key) + now.members.map(\.key)
    var seen = Self.origin
    for key in Self.order.filter(keys.contains) + keys where seen.insert(key).inserted {
      let (left, right) = (recorded[key], now[key])
      if key == "pairs", let pairs = Self.pairs(left, right) {
        for (name, left, right) in pairs {
          let part = ResultComparison(recorded: left, now: right, isSameVersion: isSameVersion)
          guard var first = part.differences.first else { continue }
          first.place = [name, first.section, first.place].filter { !$0.isEmpty }
            .joined(separator: ", ")
          first.section = key
          differences.append(first)
        }
      } else if left == nil || right == nil, !isSameVersion {
        notCompared.append(key)
      } else if let (place, left, right) = Self.first(left, right, isSameVersion: isSameVersion) {
        differences.append(
          Difference(
            section: key, place: place.joined(separator: ", "), recorded: Self.words(left),
            now: Self.words(right)))
      }
    }
  }

  /// The pairs of two results by their names; `nil` where they are not the same pairs.
  private static func pairs(
    _ left: JSONValue?, _ right: JSONValue?
  ) -> [(name: String, JSONValue, JSONValue)]? {
    guard let left, let right, left.kind == .array, left.count == right.count else { return nil }
    var pairs: [(String, JSONValue, JSONValue)] = []
    for (left, right) in zip(left.elements, right.elements) {
      guard let name = left["pair"]?.string, name == right["pair"]?.string else { return nil }
      pairs.append((name, left, right))
    }
    return pairs
  }

  /// The way to the first difference, and both sides there; `nil` where there is none.
  private static func first(
    _ left: JSONValue?, _ right: JSONValue?, isSameVersion: Bool
  ) -> (place: [String], left: JSONValue?, right: JSONValue?)? {
    guard let left, let right, left.kind == right.kind else {
      return left == nil && right == nil ? nil : ([], left, right)
    }
    switch left.kind {
    case .null:
      return nil
    case .bool:
      return left.bool == right.bool ? nil : ([], left, right)
    case .string:
      return left.string == right.string ? nil : ([], left, right)
    case .number:
      return isSameNumber(left, right) ? nil : ([], left, right)
    case .array:
      var (lefts, rights) = (left.elements, right.elements)
      for number in 1...(max(left.count, right.count) + 1) {
        let (left, right) = (lefts.next(), rights.next())
        if let found = first(left, right, isSameVersion: isSameVersion) {
          return (["no. \(number)"] + found.place, found.left, found.right)
        }
      }
      return nil
    case .object:
      var seen: Set<String> = []
      for key in (left.members.map(\.key) + right.members.map(\.key))
      where seen.insert(key).inserted {
        let (left, right) = (left[key], right[key])
        if left == nil || right == nil, !isSameVersion { continue }
        if let found = first(left, right, isSameVersion: isSameVersion) {
          return ([key] + found.place, found.left, found.right)
        }
      }
      return nil
    }
  }

  /// The same characters, or the same double: `1e-05` and `0.00001` are one number.
  private static func isSameNumber(_ left: JSONValue, _ right: JSONValue) -> Bool {
    if left.number == right.number { return true }
    guard let left = left.double, let right = right.double else { return false }
    return left.bitPattern == right.bitPattern
  }

  private static func words(_ value: JSONValue?) -> String {
    guard let value else { return "nothing" }
    let parts: [String]
    switch value.kind {
    case .null, .bool, .number, .string: return value.description
    case .object: parts = value.members.map { "\($0.key) \($0.value)" }
    case .array: parts = value.elements.prefix(8).map(\.description)
    }
    return parts.joined(separator: ", ")
  }
}
