import Glibc
import Testing

@testable import Torture

@Suite("What a storm leaves behind")
struct StormTests {
  private func samples(
    _ count: Int = 40, memory: (Int) -> Int = { _ in 30_000_000 }, files: (Int) -> Int = { _ in 14 }
  ) -> [ProcessSample] {
    (0..<count).map { ProcessSample(memory: memory($0), files: files($0)) }
  }

  @Test func `what begins small and stays the same is fine`() {
    #expect(StormFindings(samples()).defects == [])
    // While a connection is made there is one file more.
    #expect(
      StormFindings(
        samples(
          memory: { $0 < 5 ? 4_000_000 : 30_000_000 + $0 % 3 * 100_000 },
          files: { $0 < 5 ? 5 : 14 + $0 % 2 })
      ).defects == [])
  }

  @Test func `memory that grows is found`() {
    let findings = StormFindings(samples(memory: { 30_000_000 + $0 * 300_000 }))
    #expect(findings.defects.count == 1)
    #expect(findings.defects.first?.hasPrefix("memory grows") == true)
  }

  @Test func `a file that stays open is found`() {
    let findings = StormFindings(samples(files: { 14 + $0 / 10 }))
    #expect(findings.defects == ["at most 15 files are open early, and at least 17 late"])
  }

  @Test func `a process that nobody could look at is found`() {
    #expect(StormFindings(samples(5)).defects.count == 1)
  }

  @Test func `this process has memory and files`() throws {
    let own = try #require(ProcessSample(of: getpid()))
    #expect(own.memory > 1_000_000)
    #expect(own.files >= 3)
    #expect(ProcessSample(of: 0) == nil)
  }
}
