import Testing

@testable import Network

@Suite("Deadlines and queued bytes")
struct DeadlinesTests {
  @Test func `they are due in order, those of one moment as they were added`() {
    var deadlines = Deadlines()
    var seen: [Int] = []
    for (number, moment) in [30, 10, 20, 10, 30, 10].enumerated() {
      _ = deadlines.add(at: Int64(moment)) { seen.append(number) }
    }
    #expect(deadlines.next == 10)
    while let work = deadlines.popDue(at: 20) { work() }
    #expect(seen == [1, 3, 5, 2])
    #expect(deadlines.next == 30)
    while let work = deadlines.popDue(at: 99) { work() }
    #expect(seen == [1, 3, 5, 2, 0, 4])
    #expect(deadlines.next == nil)
  }

  @Test func `a cancelled one never comes, and cancelling twice is nothing`() {
    var deadlines = Deadlines()
    var seen: [Int] = []
    let first = deadlines.add(at: 1) { seen.append(1) }
    _ = deadlines.add(at: 1) { seen.append(2) }
    deadlines.cancel(first)
    deadlines.cancel(first)
    while let work = deadlines.popDue(at: 1) { work() }
    #expect(seen == [2])
  }

  @Test("Bytes come out of a queue as they went in", arguments: 0..<20)
  func bytes(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var queue = ByteQueue()
    var into: [UInt8] = []
    var out: [UInt8] = []
    for _ in 0..<100 {
      let more = (0..<Int.random(in: 0...50, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      queue.append(more)
      into += more
      queue.consume { bytes in
        let count = Int.random(in: 0...bytes.count, using: &random)
        out += bytes.prefix(count)
        return count
      }
      #expect(queue.count == into.count - out.count)
    }
    queue.consume { bytes in
      out += bytes
      return bytes.count
    }
    #expect(out == into)
    #expect(queue.isEmpty)
  }
}
