import Market
import Testing
import Throttling

@Suite("Token buckets")
struct TokenBucketTests {
  private static let start = Timestamp(seconds: 1000)
  private static let limit = RateLimit(
    interval: TimeSpan(nanoseconds: 400_000_000), burst: 10)

  private static func after(_ milliseconds: Int64) -> Timestamp {
    start + TimeSpan(nanoseconds: milliseconds * 1_000_000)
  }

  @Test func `a bucket gives its burst at once and then one each interval`() {
    var bucket = TokenBucket(Self.limit, now: Self.start)
    let first = (0..<12).map { _ in bucket.take(now: Self.start) }
    #expect(first.count { $0 } == 10 && !first[10])
    #expect(bucket.opening() == Self.after(400))
    let early = bucket.take(now: Self.after(399))
    let due = bucket.take(now: Self.after(400))
    #expect(!early && due)
    // A clock that runs back gives nothing.
    let back = bucket.take(now: Self.start)
    #expect(!back)
    let rested = (0..<12).map { _ in bucket.take(now: Self.after(60_000)) }
    #expect(rested.count { $0 } == 10)
  }

  @Test func `a reserve is left for others`() {
    var bucket = TokenBucket(Self.limit, now: Self.start)
    let queries = (0..<12).map { _ in bucket.take(now: Self.start, reserve: 5) }
    let others = (0..<12).map { _ in bucket.take(now: Self.start) }
    #expect(queries.count { $0 } == 5 && others.count { $0 } == 5)
  }

  @Test func `an interval of a whole number a second is rounded up`() {
    #expect(RateLimit(perSecond: 3, burst: 1).interval.nanoseconds == 333_333_334)
    #expect(RateLimit(perSecond: 4, burst: 1).interval.nanoseconds == 250_000_000)
  }
}
