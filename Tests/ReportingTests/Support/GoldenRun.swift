import Execution
import Foundation
import Market
import Reporting

/// A golden run whose orders, fills and trades are listed in full, read back into a `RunResult`.
///
/// So the figures and texts of a report are held against those of another implementation without an
/// engine in between.
struct GoldenRun {
  let golden: [String: Any]
  let result: RunResult

  /// Which golden runs there are: those beside the tests, or with `GOLDEN_CASES=folder` all there.
  static var names: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return files.filter { $0.hasSuffix(".json") && !$0.hasPrefix("sample") && !$0.hasPrefix("bad") }
      .map { String($0.dropLast(5)) }.sorted()
  }

  private static var folder: URL {
    ProcessInfo.processInfo.environment["GOLDEN_CASES"].map { URL(filePath: $0) } ?? goldenFolder
  }

  /// Reads the run of this name.
  init(named name: String) throws {
    let json = try Data(
      contentsOf: Self.folder.appending(path: name + ".json"))
    golden = try JSONSerialization.jsonObject(with: json) as? [String: Any] ?? [:]
    let csv = (golden["csv"] as? String ?? "").split(separator: "/").last.map(String.init) ?? ""
    let candles = try Self.candles(of: Self.folder.appending(path: csv))
    let parameters = golden["parameters"] as? [String: String] ?? [:]
    var run = RunBuilder(cash: try Money(parameters["simulation.cash"] ?? "10000"))
    for signal in golden["signals"] as? [[String: Any]] ?? [] {
      let cause = SkipCause(rawValue: signal.text("result"))
      run.signal(cause.map { .skipped($0) } ?? .entry(0), at: signal.time("time"))
    }
    let counts = golden["counts"] as? [String: Any] ?? [:]
    for _ in 0..<(counts["ratchets"] as? Int ?? 0) { run.ratchet(at: Timestamp(seconds: 0)) }
    try Self.orders(golden, parameters, candles, &run)
    for trade in golden["trades"] as? [[String: Any]] ?? [] { run.close(try ClosedTrade(trade)) }
    result = try run.result(
      candles: candles,
      product: Product(quoteIncrement: try Price(parameters["product.quote_increment"] ?? "0.01")),
      trail: try Rate(parameters["exit.trail"] ?? "0.02"),
      open: (golden["open_position"] as? [String: Any]).map(RunResult.OpenPosition.init),
      working: (golden["working_orders"] as? [UInt64]) ?? [],
      source: golden["csv"] as? String ?? "")
  }

  private static func candles(of file: URL) throws -> [Candle] {
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    return try text.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: ",")
      return Candle(
        start: Timestamp(seconds: Int64(fields[0]) ?? 0), open: try Price(fields[1]),
        high: try Price(fields[2]), low: try Price(fields[3]), close: try Price(fields[4]),
        volume: try Quantity.parse(Array(fields[5].utf8).span, excess: .roundDown).value)
    }
  }

  /// Orders and fills in the sequence of time; a fill before what the same moment ends.
  private static func orders(
    _ golden: [String: Any], _ parameters: [String: String], _ candles: [Candle],
    _ run: inout RunBuilder
  ) throws {
    let orders = golden["orders"] as? [[String: Any]] ?? []
    for order in orders {
      run.submit(
        OrderRole(rawValue: order.text("role")) ?? .entry, limit: try Price(order.text("price")),
        trigger: try (order["trigger"] as? String).map { try Price($0) },
        quantity: try Quantity(order.text("quantity")), at: order.time("submitted"))
    }
    var sold: [Int: Quantity] = [:]
    for fill in golden["fills"] as? [[String: Any]] ?? [] {
      let order = orders[(fill["order"] as? Int ?? 0) - 1]
      let quantity = try Quantity(fill.text("quantity"))
      let time = fill.time("time")
      var index = candles.firstIndex { $0.start + TimeSpan(seconds: 300) > time } ?? candles.count
      if index > 0, candles[index - 1].start + TimeSpan(seconds: 300) == time {
        let close = candles[index - 1].close
        let next = index < candles.count && candles[index].start == time ? candles[index] : nil
        let most = candles[index - 1].volume.portion(
          try Rate(parameters["simulation.participation"] ?? "0.1"))
        let isDry = sold[index - 1, default: .zero] + quantity > most
        if try next == nil || (!isDry && isOfMove(fill, order, close, next?.open, parameters)) {
          index -= 1
        }
      }
      sold[index, default: .zero] += quantity
      run.fill(
        UInt64(fill["order"] as? Int ?? 0), price: try Price(fill.text("price")),
        quantity: quantity, fee: try Money(fill.text("fee")),
        fill.text("liquidity") == "maker" ? .maker : .taker, candle: index, at: time)
    }
    for order in orders {
      let number = UInt64(order["id"] as? Int ?? 0)
      switch order.text("ending") {
      case "expired": run.cancel(number, .expiry, at: order.time("done"))
      case "cancelled":
        let reason = CancelReason(rawValue: order.text("because")) ?? .ratchet
        run.cancel(number, reason, at: order.time("done"))
      case "rejected": run.reject(number, at: order.time("done"))
      default: break
      }
    }
  }

  /// Whether a fill at the moment between two candles came in the first one's move to its close,
  /// rather than in the jump to the second one's open: the file does not say, prices do.
  private static func isOfMove(
    _ fill: [String: Any], _ order: [String: Any], _ close: Price, _ open: Price?,
    _ parameters: [String: String]
  ) throws -> Bool {
    let limit = try Price(order.text("price"))
    let isMaker = fill.text("liquidity") == "maker"
    if order.time("submitted") == fill.time("time") {
      guard order.text("role") == "escalation", let open else {
        return order.text("role") == "stop"
      }
      let rate = try Rate(parameters["exit.escalate_offset"] ?? "0.01").complement.double
      let fromClose = (limit.double - close.double * rate).magnitude
      return fromClose <= (limit.double - open.double * rate).magnitude
    }
    if fill.text("side") == "buy" { return isMaker && close < limit }
    if isMaker { return close > limit }
    return try (order["trigger"] as? String).map { close <= (try Price($0)) } ?? false
  }
}

extension [String: Any] {
  func text(_ key: String) -> String { self[key] as? String ?? "" }
  func time(_ key: String) -> Timestamp { Timestamp(seconds: Int64(self[key] as? Int ?? 0)) }
}

extension ClosedTrade {
  fileprivate init(_ trade: [String: Any]) throws {
    self.init(
      entryTime: trade.time("entry_time"), exitTime: trade.time("exit_time"),
      entryOrder: UInt64(trade["entry_order"] as? Int ?? 0),
      quantity: try Quantity(trade.text("quantity")),
      entryNotional: try Money(trade.text("entry_notional")),
      exitNotional: try Money(trade.text("exit_notional")),
      fees: try Money(trade.text("fees")),
      exitReason: ExitReason(rawValue: trade.text("exit_reason")) ?? .forced,
      highest: try Price(trade.text("highest")), ratchets: trade["ratchets"] as? Int ?? 0,
      escalations: trade["escalations"] as? Int ?? 0)
  }
}

extension RunResult.OpenPosition {
  fileprivate init(_ position: [String: Any]) throws {
    self.init(
      entryTime: position.time("entry_time"), quantity: try Quantity(position.text("quantity")),
      highest: try Price(position.text("highest")), trigger: try Price(position.text("trigger")))
  }
}
