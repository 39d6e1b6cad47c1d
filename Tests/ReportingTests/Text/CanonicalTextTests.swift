import Execution
import Market
import Reporting
import Testing

@Suite("Canonical texts")
struct CanonicalTextTests {
  static let texts: [(CanonicalText, String)] = [
    (
      .fills,
      """
      1758003100,1,buy,100,2.5,1.25,M
      1758004100,3,sell,100,1,0.9,T
      1758004200,4,sell,95,1.5,1.28,T
      1758004800,5,buy,94,20,9.4,M

      """
    ),
    (
      .orders,
      """
      1,entry,100,,5,1758003000,1758003900,2.5,expired
      2,stop,97,98,2.5,1758003100,1758004000,0,cancelled
      3,stop,99,101,2.5,1758004000,1758004200,1,cancelled
      4,escalation,90,,1.5,1758004200,1758004200,1.5,filled
      5,entry,94,,20,1758004500,1758004800,20,filled

      """
    ),
    (
      .trades,
      "1758003100,1758004200,1,2.5,250,242.5,3.43,-10.93,escalated,103,1\n"
    ),
    (
      .signals,
      """
      1758002700,size
      1758003000,entry
      1758003300,position
      1758004500,entry

      """
    ),
  ]

  @Test("Lines are as the golden files define them", arguments: texts)
  func lines(_ text: CanonicalText, _ expected: String) {
    #expect(text.text(of: SampleRun.make()) == expected)
  }

  @Test("The curve has a line for each close")
  func equity() {
    let lines = CanonicalText.equity.text(of: SampleRun.make()).split(separator: "\n")
    #expect(lines.count == 10)
    #expect(lines[0] == "1758002700,10000")
    #expect(lines[2] == "1758003300,9998.75")
    #expect(lines[5] == "1758004200,9989.07")
  }

  @Test("An order that works has no end, one that was rejected has a number")
  func endings() {
    var run = RunBuilder()
    let first = run.submit(.entry, limit: 5, quantity: 1, at: Timestamp(seconds: 10))
    run.reject(first, at: Timestamp(seconds: 20))
    run.submit(.entry, limit: 5, quantity: 1, at: Timestamp(seconds: 30))
    #expect(
      CanonicalText.orders.text(of: run.result(candles: [])) == """
        1,entry,5,,1,10,20,0,rejected
        2,entry,5,,1,30,,0,working

        """)
  }

  @Test("A time within a second keeps its fraction")
  func fractions() {
    var run = RunBuilder()
    run.signal(.skipped(.risk), at: Timestamp(nanoseconds: 1_500_000_020))
    run.signal(.skipped(.workingOrder), at: Timestamp(nanoseconds: -250_000_000))
    #expect(
      CanonicalText.signals.text(of: run.result(candles: []))
        == "1.50000002,risk\n-0.25,working_order\n")
  }

  @Test("Nothing gives the empty text")
  func empty() {
    let result = RunBuilder().result(candles: [])
    for text in CanonicalText.allCases {
      #expect(text.text(of: result) == "")
      #expect(text.md5(of: result) == "d41d8cd98f00b204e9800998ecf8427e")
    }
  }

  @Test("Long texts come in blocks, and a sink that fails ends them")
  func blocks() throws {
    let candles = (0..<20_000).map { Candle(start: Int64($0) * 300, flat: 5) }
    let result = RunBuilder().result(candles: candles)
    var sizes: [Int] = []
    CanonicalText.equity.write(of: result) { sizes.append($0.count) }
    #expect(sizes.count > 3)
    #expect(sizes.allSatisfy { $0 < 40_000 })
    var calls = 0
    #expect(throws: Full.self) {
      try CanonicalText.equity.write(of: result) { (_: [UInt8]) throws(Full) in
        calls += 1
        if calls == 2 { throw Full() }
      }
    }
    #expect(calls == 2)
  }

  struct Full: Error {}
}
