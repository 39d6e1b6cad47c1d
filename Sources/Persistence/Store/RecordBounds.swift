import Market

/// What figures of a record can be, so that no product or sum of them overflows.
///
/// Whoever can write the file can put anything into it. The engine rules overflow out beforehand and
/// traps where that was wrong, so what does not fit is refused before it is handed over. The bounds are
/// far from any market, and from what a backtest counts.
enum RecordBounds {
  /// From 1970 until 2200: a year's patience can be added to each without an overflow.
  static let times = Timestamp(seconds: 0)...Timestamp(seconds: 7_258_118_400)
  /// A tenth of what `Money` holds.
  static let money = Money(steps: .max / 10)
  /// A sixteenth of what `Quantity` holds.
  static let quantity = Quantity(steps: .max / 16)
  /// The turnover of a whole record: half of what `Money` holds.
  static let turnover = Money(steps: .max / 2)
  /// The longest candle, a year.
  static let interval = TimeSpan(seconds: 366 * 86_400)
  /// What numbers of orders, positions and events are below: nobody counts so far.
  static let count: Int64 = 1 << 48

  /// Price × quantity, where it is within bounds.
  static func notional(_ price: Price, _ quantity: Quantity) -> Money? {
    guard let notional = price.notional(of: quantity), notional.steps.magnitude <= money.steps
    else { return nil }
    return notional
  }
}

extension Statement {
  /// A time of a record.
  func time(at index: Int) throws(SQLiteError) -> Timestamp {
    let time: Timestamp = try value(at: index)
    guard RecordBounds.times ~= time else {
      throw unexpected(at: index, expected: "a time from 1970 to 2199")
    }
    return time
  }

  /// A time of a record, or nothing.
  func optionalTime(at index: Int) throws(SQLiteError) -> Timestamp? {
    isNull(at: index) ? nil : try time(at: index)
  }

  /// A price above 0.
  func price(at index: Int) throws(SQLiteError) -> Price {
    let price: Price = try value(at: index)
    guard price > .zero else { throw unexpected(at: index, expected: "a price above 0") }
    return price
  }

  /// A price above 0, or nothing.
  func optionalPrice(at index: Int) throws(SQLiteError) -> Price? {
    isNull(at: index) ? nil : try price(at: index)
  }

  /// A quantity that is not negative, nor beyond all measure.
  func quantity(at index: Int) throws(SQLiteError) -> Quantity {
    let quantity: Quantity = try value(at: index)
    guard .zero...RecordBounds.quantity ~= quantity else {
      throw unexpected(at: index, expected: "a quantity from 0 to \(RecordBounds.quantity)")
    }
    return quantity
  }

  /// An amount that is not beyond all measure.
  func money(at index: Int) throws(SQLiteError) -> Money {
    let money: Money = try value(at: index)
    guard money.steps.magnitude <= RecordBounds.money.steps else {
      throw unexpected(at: index, expected: "an amount up to \(RecordBounds.money)")
    }
    return money
  }

  /// A number of things that were counted.
  func count(at index: Int) throws(SQLiteError) -> Int {
    let count: Int = try value(at: index)
    guard 0..<RecordBounds.count ~= Int64(count) else {
      throw unexpected(at: index, expected: "a count")
    }
    return count
  }
}
