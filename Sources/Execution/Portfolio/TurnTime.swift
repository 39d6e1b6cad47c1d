public import Market

/// A place in SEMANTICS 8.3's sequence, apart from the order of registration: at one time the points
/// that end a move come before the close events.
public struct TurnTime: Hashable, Comparable, Sendable {
  /// The time of the close, one less for the points before it: candles are longer than that.
  @usableFromInline let nanoseconds: Int64

  @inlinable
  init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// All points of the candle that closes at this time.
  @inlinable
  public static func points(before close: Timestamp) -> TurnTime {
    TurnTime(nanoseconds: close.nanoseconds - 1)
  }

  /// The close event at this time.
  @inlinable
  public static func close(at time: Timestamp) -> TurnTime {
    TurnTime(nanoseconds: time.nanoseconds)
  }

  /// The first behind it.
  @inlinable public var next: TurnTime { TurnTime(nanoseconds: nanoseconds + 1) }

  /// How many candles of that length, one after the other from `start` on, have closed before it.
  @inlinable
  public func slots(of interval: TimeSpan, since start: Timestamp) -> Int {
    Int((nanoseconds - 1 - start.nanoseconds) / interval.nanoseconds)
  }

  /// Before everything.
  @inlinable public static var first: TurnTime { TurnTime(nanoseconds: .min) }
  /// Behind everything.
  @inlinable public static var never: TurnTime { TurnTime(nanoseconds: .max) }

  /// Whether something comes first.
  @inlinable
  public static func < (left: TurnTime, right: TurnTime) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}
