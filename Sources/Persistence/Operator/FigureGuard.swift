import Market

/// Sees to it that figures of rows can be reckoned with: no sum, product or difference of them traps.
///
/// Anybody may have written the file. A figure that no run can have is an error that names its row.
struct FigureGuard {
  /// The database, for messages.
  let path: String
  /// Σ |amount| of all that was let through.
  private var money: UInt128 = 0
  /// Σ |quantity| of all that was let through.
  private var quantity: UInt128 = 0

  /// A guard that has seen nothing yet.
  init(path: String) { self.path = path }

  /// Half of what 128 bits hold: then a difference of two sums fits as well.
  private static let most = UInt128(Int128.max) / 2
  /// From 1823 to 2116: then the difference of two times fits.
  private static let times = -(Int64(1) << 62 - 1)...(Int64(1) << 62 - 1)

  /// Lets amounts of a row through.
  mutating func pass(_ amounts: Money..., of row: @autoclosure () -> String) throws(SQLiteError) {
    for amount in amounts {
      try add(amount.steps.magnitude, to: &money, row())
    }
  }

  /// Lets quantities of a row through, none of them below 0.
  mutating func pass(
    _ quantities: Quantity..., of row: @autoclosure () -> String
  ) throws(SQLiteError) {
    for each in quantities {
      guard each >= .zero else { throw error("\(row()) has the quantity \(each), below 0") }
      try add(each.steps.magnitude, to: &quantity, row())
    }
  }

  /// Lets times of a row through.
  func pass(_ times: Timestamp?..., of row: @autoclosure () -> String) throws(SQLiteError) {
    for time in times {
      guard let time, !Self.times.contains(time.nanoseconds) else { continue }
      throw error("\(row()) has a time of \(time.nanoseconds) ns, which is not of this age")
    }
  }

  /// Price × quantity, which the guard lets through.
  mutating func worth(
    _ quantity: Quantity, at price: Price, of row: @autoclosure () -> String
  ) throws(SQLiteError) -> Money {
    guard let worth = price.notional(of: quantity) else {
      throw error("\(row()): \(quantity) at \(price) is worth more than an amount can hold")
    }
    try pass(worth, of: row())
    return worth
  }

  /// The error of a row that no run can have left.
  func error(_ message: String) -> SQLiteError {
    SQLiteError(path: path, problem: .unexpectedValue, message: message)
  }

  private func add(
    _ magnitude: UInt128, to sum: inout UInt128, _ row: String
  ) throws(SQLiteError) {
    let (total, overflow) = sum.addingReportingOverflow(magnitude)
    guard !overflow, total <= Self.most else {
      throw error("\(row): its figures are more than an account can hold")
    }
    sum = total
  }
}
