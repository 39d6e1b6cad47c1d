/// What is to happen at some moment, earliest first.
///
/// A sorted array, latest in front: there are a few deadlines for each connection, most are cancelled, and
/// the next one is looked up at every turn of the loop.
struct Deadlines {
  /// What cancels one.
  struct ID: Hashable { fileprivate let number: UInt64 }

  private struct Entry {
    let moment: Int64
    let id: ID
    let work: () -> Void
  }

  private var entries: [Entry] = []
  private var counter: UInt64 = 0

  /// The earliest moment.
  var next: Int64? { entries.last?.moment }

  var count: Int { entries.count }

  mutating func add(at moment: Int64, _ work: @escaping () -> Void) -> ID {
    counter += 1
    let entry = Entry(moment: moment, id: ID(number: counter), work: work)
    // Behind all that are later, in front of those of the same moment: they came first.
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].moment >= moment { low = middle + 1 } else { high = middle }
    }
    // Those of the same moment are taken from the end: the earlier added must stay nearer to it.
    var index = low
    while index > 0, entries[index - 1].moment == moment { index -= 1 }
    entries.insert(entry, at: index)
    return entry.id
  }

  mutating func cancel(_ id: ID) {
    entries.removeAll { $0.id == id }
  }

  /// Takes the earliest out if its moment has come.
  mutating func popDue(at now: Int64) -> (() -> Void)? {
    guard let last = entries.last, last.moment <= now else { return nil }
    entries.removeLast()
    return last.work
  }

  mutating func removeAll() { entries = [] }
}
