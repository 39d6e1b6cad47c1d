package import Market

extension StopCoverage {
  /// The coverage of one position.
  ///
  /// - Parameters:
  ///   - fills: The position's, in any order.
  ///   - exits: Its exit orders, by number.
  ///   - ratchets: Its ratchets, in any order.
  ///   - end: When it closed, or how far the record goes.
  /// - Throws: `Overflow` where it is worth more than an amount can hold.
  /// - Complexity: O(n log n).
  package init(
    fills: [StoredFill], exits: [OrderRow], ratchets: [RatchetRow], until end: Timestamp
  ) throws(Overflow) {
    self.init()
    var moments = Self.moments(fills, exits, ratchets)[...]
    var state = Sweep(exits)
    while let time = moments.first?.time, time < end {
      while let moment = moments.first, moment.time == time {
        state.take(moment.change)
        moments.removeFirst()
      }
      guard state.held > .zero else { continue }
      let next = min(moments.first?.time ?? end, end)
      try add(
        TimeSpan(nanoseconds: next.nanoseconds - time.nanoseconds), held: state.held,
        bare: state.bare, at: state.highest, state.cause)
    }
  }

  /// Something that changes what is held or covered.
  private enum Change {
    case fill(Fill)
    case accepted(Int)
    case ended(Int)
    case highest(Price)
  }

  private static func moments(
    _ fills: [StoredFill], _ exits: [OrderRow], _ ratchets: [RatchetRow]
  ) -> [(time: Timestamp, change: Change)] {
    var moments = fills.map { (time: $0.fill.time, change: Change.fill($0.fill)) }
    moments += ratchets.map { ($0.time, .highest($0.highest)) }
    for (place, order) in exits.enumerated() {
      // What ended before it was accepted never worked.
      if let accepted = order.accepted, order.done.map({ accepted < $0 }) ?? true {
        moments.append((accepted, .accepted(place)))
      }
      if let done = order.done { moments.append((done, .ended(place))) }
    }
    // Of one time, in whatever order: only what holds after all of them counts. But of orders that
    // end at one time the last is to blame, hence stable.
    return moments.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }.map(\.element)
  }

  /// The position on the way.
  private struct Sweep {
    private let exits: [OrderRow]
    private let places: [UInt64: Int]
    /// What was bought less what was sold.
    private(set) var held = Quantity.zero
    private(set) var highest = Price.zero
    private var left: [Quantity]
    private var works: [Bool]
    private var covered = Quantity.zero
    private var workers = 0
    /// The exit order that ended last.
    private var last: Int?

    init(_ exits: [OrderRow]) {
      self.exits = exits
      left = exits.map(\.order.quantity)
      works = exits.map { _ in false }
      places = Dictionary(
        exits.enumerated().map { ($0.element.order.id.number, $0.offset) },
        uniquingKeysWith: { first, _ in first })
    }

    var bare: Quantity { max(.zero, held - covered) }

    var cause: Cause {
      if workers > 0 { return .quantity }
      return last.map { Cause(endOf: exits[$0]) } ?? .opening
    }

    mutating func take(_ change: Change) {
      switch change {
      case .fill(let fill):
        switch fill.side {
        case .buy:
          held += fill.quantity
          highest = max(highest, fill.price)
        case .sell: held -= fill.quantity
        }
        guard let place = places[fill.order.number] else { return }
        let rest = max(.zero, left[place] - fill.quantity)
        if works[place] { covered = covered - left[place] + rest }
        left[place] = rest
      case .accepted(let place):
        works[place] = true
        workers += 1
        covered += left[place]
      case .ended(let place):
        last = place
        guard works[place] else { return }
        works[place] = false
        workers -= 1
        covered -= left[place]
      case .highest(let price): highest = max(highest, price)
      }
    }
  }
}
