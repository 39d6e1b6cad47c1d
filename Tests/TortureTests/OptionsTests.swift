import Testing

@testable import Torture

@Suite("What torture is asked for")
struct OptionsTests {
  @Test(
    "Seeds and times that there are not are refused",
    arguments: [
      (["--first-seed", "18446744073709551615"], "the last seed is 18446744073709551614: begin"),
      (["--first-seed", "18446744073709551610"], "the last seed is 18446744073709551614: begin"),
      (["--first-seed", "18446744073709551615", "--minutes", "5"], "the last seed is"),
      (["--seeds", "0"], "--seeds takes a number from 1"),
      (["--minutes", "0"], "--minutes takes a number above 0, at most 525600"),
      (["--minutes", "inf"], "--minutes takes a number above 0, at most 525600"),
      (["--minutes", "1e300"], "--minutes takes a number above 0, at most 525600"),
      (["--minutes", "nan"], "--minutes takes a number from"),
    ])
  func refused(words: [String], message: String) {
    let fault = #expect(throws: UsageFault.self) { _ = try TortureOptions(words) }
    #expect(fault?.description.hasPrefix(message) == true, "\(String(describing: fault))")
  }

  @Test func `the last seed is played, and as many as there is time for`() throws {
    let last = try TortureOptions(["--first-seed", "18446744073709551614", "--seeds", "1"])
    #expect(last.firstSeed == UInt64.max - 1)
    let long = try TortureOptions(["--minutes", "12", "--first-seed", "5"])
    #expect(long.minutes == 12 && long.seeds == .max - 5)
  }

  @Test func `that nothing was played is no success`() {
    var total = SeriesRun.Total()
    #expect(!total.isSound && total.summary.hasSuffix(": nothing was played"))
    total.seeds = 1
    #expect(total.isSound && total.summary.hasSuffix(": nothing violated"))
    total.failed = [7]
    #expect(!total.isSound)
  }
}
