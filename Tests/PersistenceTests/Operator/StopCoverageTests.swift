import Execution
import Market
import Simulator
import TestKit
import Testing

@testable import Persistence

@Suite("Stop coverage")
struct StopCoverageTests {
  private typealias Cause = StopCoverage.Cause

  /// A position in whole nanoseconds and whole units.
  private struct Scene: CustomTestStringConvertible {
    var fills: [StoredFill] = []
    var exits: [OrderRow] = []
    var ratchets: [RatchetRow] = []
    var end: Int64

    var testDescription: String { "\(fills)\n\(exits)\n\(ratchets) until \(end)" }

    func coverage() throws -> StopCoverage {
      try StopCoverage(
        fills: fills, exits: exits, ratchets: ratchets, until: Timestamp(nanoseconds: end))
    }
  }

  private static func fill(
    _ side: Side, _ units: Int64, at price: Int64, time: Int64, order: UInt64 = 1
  ) -> StoredFill {
    StoredFill(
      fill: Fill(
        order: OrderScope(session: 0, pair: 0).id(order), id: UInt64(time),
        time: Timestamp(nanoseconds: time), side: side, price: Price(integerLiteral: price),
        quantity: Quantity(integerLiteral: units), fee: .zero, liquidity: .maker),
      position: 1, held: .zero, seq: 0)
  }

  private static func exit(
    _ number: UInt64, _ units: Int64, accepted: Int64?, done: Int64? = nil,
    _ state: OrderState = .open, _ reason: CancelReason? = nil
  ) -> OrderRow {
    let order = Order(
      id: OrderScope(session: 0, pair: 0).id(number), side: .sell, limit: 90, trigger: 91,
      quantity: Quantity(integerLiteral: units), submitted: Timestamp(nanoseconds: 0))
    var row = OrderRow(order: order, role: .stop, position: 1)
    row.accepted = accepted.map(Timestamp.init(nanoseconds:))
    row.done = done.map(Timestamp.init(nanoseconds:))
    row.state = state
    row.cancelReason = reason
    return row
  }

  private static func ratchet(to highest: Int64, time: Int64) -> RatchetRow {
    RatchetRow(
      position: 1, ordinal: 1, time: Timestamp(nanoseconds: time), from: 91, to: 92,
      highest: Price(integerLiteral: highest))
  }

  // MARK: - One cause at a time

  private func expect(
    _ scene: Scene, held: Int64, _ bare: [Cause: Int64],
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let coverage = try scene.coverage()
    #expect(coverage.held.nanoseconds == Int128(held), sourceLocation: location)
    for cause in Cause.allCases {
      #expect(
        coverage[cause].nanoseconds == Int128(bare[cause] ?? 0), "\(cause)",
        sourceLocation: location)
    }
    #expect(
      coverage.bare.nanoseconds == Int128(bare.values.reduce(0, +)), sourceLocation: location)
  }

  @Test func `until the first stop is accepted the position is opening`() throws {
    let scene = Scene(
      fills: [Self.fill(.buy, 2, at: 100, time: 10)], exits: [Self.exit(2, 2, accepted: 13)],
      end: 50)
    try expect(scene, held: 40, [.opening: 3])
    // 2 units at 100 for 3 ns.
    #expect(try scene.coverage().bare.valueSeconds.description == "0.0000006")
    #expect(try scene.coverage().held.valueSeconds.description == "0.000008")
    #expect(try scene.coverage().coveredShare == 1 - 0.0000006 / 0.000008)
  }

  @Test func `a ratchet leaves a gap, at the price that it saw`() throws {
    let scene = Scene(
      fills: [
        Self.fill(.buy, 1, at: 100, time: 0), Self.fill(.sell, 1, at: 95, time: 40, order: 3),
      ],
      exits: [
        Self.exit(2, 1, accepted: 0, done: 20, .cancelled, .ratchet),
        Self.exit(3, 1, accepted: 27, done: 40, .filled),
      ], ratchets: [Self.ratchet(to: 110, time: 18)], end: 40)
    try expect(scene, held: 40, [.ratchet: 7])
    #expect(try scene.coverage()[.ratchet].valueSeconds.description == "0.00000077")
  }

  @Test func `what is bought beyond the stop's quantity is bare, the rest is not`() throws {
    let scene = Scene(
      fills: [
        Self.fill(.buy, 2, at: 100, time: 0), Self.fill(.buy, 3, at: 90, time: 10),
      ],
      exits: [
        Self.exit(2, 2, accepted: 0, done: 15, .cancelled, .quantity),
        Self.exit(3, 5, accepted: 16),
      ], end: 20)
    try expect(scene, held: 20, [.quantity: 6])
    // 3 of 5 units for 5 ns, then all 5 for 1 ns, at 100.
    #expect(try scene.coverage().bare.valueSeconds.description == "0.000002")
  }

  @Test(
    "Every end of an exit order is a cause",
    arguments: [
      (OrderState.cancelled, CancelReason.escalation, StopCoverage.Cause.escalation),
      (.cancelled, .forced, .forced), (.cancelled, .breaker, .breaker),
      (.cancelled, .quantity, .quantity), (.cancelled, .ratchet, .ratchet),
      (.cancelled, .flat, .other), (.expired, .expiry, .expired),
    ])
  func ends(
    _ state: OrderState, _ reason: CancelReason, _ cause: StopCoverage.Cause
  ) throws {
    let scene = Scene(
      fills: [Self.fill(.buy, 1, at: 100, time: 0)],
      exits: [Self.exit(2, 1, accepted: 0, done: 4, state, reason)], end: 9)
    try expect(scene, held: 9, [cause: 5])
  }

  @Test func `an order that the exchange refused covers nothing`() throws {
    let scene = Scene(
      fills: [Self.fill(.buy, 1, at: 100, time: 0)],
      exits: [Self.exit(2, 1, accepted: nil, done: 4, .rejected)], end: 9)
    try expect(scene, held: 9, [.opening: 4, .rejected: 5])
  }

  @Test func `an order that the exchange ended by itself is another cause`() throws {
    let scene = Scene(
      fills: [Self.fill(.buy, 1, at: 100, time: 0)],
      exits: [Self.exit(2, 1, accepted: 0, done: 4, .cancelled)], end: 9)
    try expect(scene, held: 9, [.other: 5])
  }

  @Test func `what is worth more than an amount can hold is an error`() {
    let scene = Scene(
      fills: [Self.fill(.buy, .max, at: 90_000_000_000, time: 0)], end: 9)
    #expect(throws: StopCoverage.Overflow.self) { try scene.coverage() }
  }

  @Test func `coverages add up`() throws {
    var sum = StopCoverage()
    #expect(sum.coveredShare == nil)
    for seed in 1...9 as ClosedRange<UInt64> {
      var random = SplitMix64(seed: seed)
      let part = try Self.scene(using: &random).coverage()
      let before = sum
      sum += part
      #expect(sum.held.nanoseconds == before.held.nanoseconds + part.held.nanoseconds)
      #expect(
        sum.bare.valueSeconds == before.bare.valueSeconds + part.bare.valueSeconds)
    }
  }

  // MARK: - Against the definition

  private static func scene(using random: inout SplitMix64) -> Scene {
    var scene = Scene(end: .random(in: 0...60, using: &random))
    let exits = UInt64.random(in: 0...6, using: &random)
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      scene.fills.append(
        fill(
          Bool.random(using: &random) ? .buy : .sell, .random(in: 0...5, using: &random),
          at: .random(in: 1...200, using: &random), time: .random(in: 0...60, using: &random),
          order: .random(in: 1...max(1, exits + 1), using: &random)))
    }
    for number in 0..<exits {
      scene.exits.append(
        exit(
          number + 2, .random(in: 0...8, using: &random),
          accepted: Int.random(in: 0...4, using: &random) == 0
            ? nil : .random(in: 0...60, using: &random),
          done: Bool.random(using: &random) ? nil : .random(in: 0...60, using: &random),
          OrderState.allCases.randomElement(using: &random) ?? .open,
          Bool.random(using: &random) ? nil : CancelReason.allCases.randomElement(using: &random)))
    }
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      scene.ratchets.append(
        ratchet(
          to: .random(in: 1...300, using: &random), time: .random(in: 0...60, using: &random)))
    }
    return scene
  }

  /// What holds in one nanosecond, by the words of the definition.
  private static func moment(
    _ now: Int64, of scene: Scene
  ) -> (held: Int64, bare: Int64, price: Int64, Cause) {
    func units(_ quantity: Quantity) -> Int64 { Int64(quantity.steps / 100_000_000) }
    let known = scene.fills.filter { $0.fill.time.nanoseconds <= now }.map(\.fill)
    let held = known.reduce(0 as Int64) { $0 + ($1.side == .buy ? 1 : -1) * units($1.quantity) }
    let prices =
      known.filter { $0.side == .buy }.map(\.price)
      + scene.ratchets.filter { $0.time.nanoseconds <= now }.map(\.highest)
    let working = scene.exits.filter { order in
      guard let accepted = order.accepted, accepted.nanoseconds <= now else { return false }
      return order.done.map { now < $0.nanoseconds } ?? true
    }
    let covered = working.reduce(0 as Int64) { sum, order in
      let own = known.filter { $0.order == order.order.id }
      let sold = own.reduce(0 as Int64) { $0 + units($1.quantity) }
      return sum + max(0, units(order.order.quantity) - sold)
    }
    let ended = scene.exits.filter { $0.done.map { $0.nanoseconds <= now } ?? false }
    let last = ended.max {
      ($0.done?.nanoseconds ?? 0, $0.order.id.number)
        < ($1.done?.nanoseconds ?? 0, $1.order.id.number)
    }
    let cause: Cause = !working.isEmpty ? .quantity : last.map(Cause.init(endOf:)) ?? .opening
    return (
      max(0, held), max(0, held - covered), (prices.max()?.steps ?? 0) / 100_000_000, cause
    )
  }

  @Test(
    "It is what the definition gives, nanosecond by nanosecond",
    arguments: Seeds.ofThisRun)
  func againstDefinition(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<60 {
      let scene = Self.scene(using: &random)
      var times = Cause.allCases.map { ($0, 0) }
      var values = times
      var (held, heldValue) = (0, 0)
      for now in 0..<scene.end {
        let (units, bare, price, cause) = Self.moment(now, of: scene)
        guard units > 0 else { continue }
        held += 1
        heldValue += Int(units * price)
        guard bare > 0, let place = times.firstIndex(where: { $0.0 == cause }) else { continue }
        times[place].1 += 1
        values[place].1 += Int(bare * price)
      }
      let coverage = try scene.coverage()
      #expect(coverage.held.nanoseconds == Int128(held), "SEED=\(seed): \(scene)")
      #expect(coverage.held.valueSeconds == Self.valueSeconds(heldValue), "SEED=\(seed): \(scene)")
      for (time, value) in zip(times, values) {
        let stretch = coverage[time.0]
        #expect(stretch.nanoseconds == Int128(time.1), "\(time.0), SEED=\(seed): \(scene)")
        #expect(stretch.valueSeconds == Self.valueSeconds(value.1), "\(time.0), SEED=\(seed)")
      }
    }
  }

  /// So many units of money for a nanosecond.
  private static func valueSeconds(_ units: Int) -> WideMoney {
    WideMoney(Money(integerLiteral: Int64(units)), for: TimeSpan(nanoseconds: 1))
  }
}
