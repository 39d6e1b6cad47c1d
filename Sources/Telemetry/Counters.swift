import Synchronization

/// How often something happened: only ever grows.
///
/// May be added to from any thread; an addition is one atomic instruction.
public final class Counter: Sendable {
  /// What is counted, in small letters with underscores, such as `orders_sent`.
  public let name: String
  private let count = Atomic<UInt64>(0)

  fileprivate init(_ name: String) { self.name = name }

  /// Adds to it.
  public func add(_ number: UInt64 = 1) {
    count.wrappingAdd(number, ordering: .relaxed)  // 2^64 events are more than a life has.
  }

  /// What it has come to.
  public var value: UInt64 { count.load(ordering: .relaxed) }
}

/// Counters by name.
public final class Counters: Sendable {
  private let table = Mutex<[String: Counter]>([:])

  /// No counters.
  public init() {}

  /// The counter of a name, made at 0 where there is none yet.
  ///
  /// Keep it: finding it takes a lock.
  public subscript(name: String) -> Counter {
    table.withLock { table in
      if let counter = table[name] { return counter }
      let counter = Counter(name)
      table[name] = counter
      return counter
    }
  }

  /// All of them as they are now, by name.
  public var snapshot: [(name: String, value: UInt64)] {
    table.withLock { Array($0.values) }
      .map { ($0.name, $0.value) }
      .sorted { $0.name < $1.name }
  }
}
