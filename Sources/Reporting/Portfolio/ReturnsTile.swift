import Market

/// What is summed over the returns that two pairs have in common.
struct CommonSums {
  private(set) var count = 0
  private var product = 0.0
  private var first = 0.0
  private var second = 0.0
  private var firstSquares = 0.0
  private var secondSquares = 0.0

  /// Adds the returns of one tile.
  mutating func add(_ left: ReturnsTile, _ right: ReturnsTile) {
    // A return that is missing is 0 there, so that the product needs no look at what is missing.
    product += left.dot(right)
    let (ofLeft, ofRight) = (left.sums(without: right), right.sums(without: left))
    count += ofLeft.count
    first += ofLeft.sum
    firstSquares += ofLeft.squares
    second += ofRight.sum
    secondSquares += ofRight.squares
  }

  /// Pearson's correlation; `nil` below 2 returns, and where one side did not move.
  var correlation: Double? {
    guard count > 1 else { return nil }
    let count = Double(count)
    let spreads = (
      firstSquares - first * first / count, secondSquares - second * second / count
    )
    // What is left of equal returns is rounding.
    guard spreads.0 > firstSquares * 1e-12, spreads.1 > secondSquares * 1e-12 else { return nil }
    let value = (product - first * second / count) / (spreads.0 * spreads.1).squareRoot()
    return value.isFinite ? max(-1, min(1, value)) : nil
  }
}

/// A stretch of a pair's returns on the grid of its candles, as deviations from their mean.
struct ReturnsTile {
  /// How many places it has.
  static let places = 1024
  /// Beyond so many missing returns it is quicker to look at every place.
  private static let mostMissing = 128

  /// How many returns there are.
  private(set) var count = 0
  private var values = Array(repeating: SIMD8<Double>.zero, count: places / 8)
  private var isPresent = Array(repeating: false, count: places)
  private var missing: [Int] = []
  private var sum = 0.0
  private var squares = 0.0

  /// Forgets all returns.
  mutating func clear() {
    self.count = 0
    (sum, squares) = (0, 0)
    for index in values.indices { values[index] = .zero }
    for index in isPresent.indices { isPresent[index] = false }
    missing.removeAll(keepingCapacity: true)
  }

  /// Takes a return in.
  mutating func set(_ value: Double, at place: Int) {
    values[place >> 3][place & 7] = value
    isPresent[place] = true
    count += 1
    sum += value
    squares += value * value
  }

  /// Lists what is missing, when all is set.
  mutating func seal() {
    for place in isPresent.indices where !isPresent[place] { missing.append(place) }
  }

  /// Σ of the products, place by place.
  func dot(_ other: ReturnsTile) -> Double {
    var even = SIMD8<Double>.zero
    var odd = SIMD8<Double>.zero
    for index in stride(from: 0, to: values.count, by: 2) {
      even += values[index] * other.values[index]
      odd += values[index + 1] * other.values[index + 1]
    }
    // Lane by lane: the same bits from every build.
    let lanes = even + odd
    return lanes.indices.reduce(0) { $0 + lanes[$1] }
  }

  /// Number, sum and squares of the returns that the other has too.
  func sums(without other: ReturnsTile) -> (count: Int, sum: Double, squares: Double) {
    if other.missing.isEmpty { return (count, sum, squares) }
    guard other.missing.count <= Self.mostMissing else { return sums(common: other) }
    var result = (count: count, sum: sum, squares: squares)
    for place in other.missing where isPresent[place] {
      let value = values[place >> 3][place & 7]
      result.count -= 1
      result.sum -= value
      result.squares -= value * value
    }
    return result
  }

  private func sums(common other: ReturnsTile) -> (count: Int, sum: Double, squares: Double) {
    var result = (count: 0, sum: 0.0, squares: 0.0)
    for place in isPresent.indices where isPresent[place] && other.isPresent[place] {
      let value = values[place >> 3][place & 7]
      result.count += 1
      result.sum += value
      result.squares += value * value
    }
    return result
  }
}

/// A pair's returns, walked tile by tile: close / close before − 1, of candles without a gap between.
struct ReturnsWalk {
  private let candles: [Candle]
  private let interval: TimeSpan
  private var mean = 0.0
  /// The candle whose return is next; as many as there are at the end.
  private var next = 1

  /// A walk before the first return.
  init(_ pair: RunResult) {
    candles = pair.candles
    interval = pair.interval
    skipGaps()
    var walk = self
    var (sum, count) = (0.0, 0)
    while let value = walk.take() {
      sum += value
      count += 1
    }
    if count > 0 { mean = sum / Double(count) }
  }

  /// The place of the next return on the grid of all candles; `nil` after the last.
  var nextSlot: Int64? {
    next < candles.count ? candles[next].start.nanoseconds / interval.nanoseconds : nil
  }

  /// Makes a tile of the returns from a place on.
  mutating func fill(_ tile: inout ReturnsTile, from start: Int64) {
    tile.clear()
    while let slot = nextSlot, slot < start + Int64(ReturnsTile.places), let value = take() {
      tile.set(value - mean, at: Int(slot - start))
    }
    tile.seal()
  }

  private mutating func take() -> Double? {
    guard next < candles.count else { return nil }
    let value = candles[next].close.double / candles[next - 1].close.double - 1
    next += 1
    skipGaps()
    return value
  }

  private mutating func skipGaps() {
    while next < candles.count, candles[next - 1].start + interval != candles[next].start {
      next += 1
    }
  }
}
