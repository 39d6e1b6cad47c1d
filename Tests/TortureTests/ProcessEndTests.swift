import Glibc
import Testing

@testable import Torture

@Suite("What the end of a session's process means")
struct ProcessEndTests {
  static let ends: [(code: Int32, sent: Set<Int32>, end: ProcessEnd)] = [
    (-SIGKILL, [SIGKILL], .signalled), (-SIGKILL, [SIGTERM, SIGKILL], .signalled),
    (-SIGTERM, [SIGTERM], .signalled), (143, [SIGTERM], .farewell),
    // The kill found it on its way out: seed 2658.
    (143, [SIGTERM, SIGKILL], .farewell),
    (143, [SIGKILL], .surrender), (143, [], .surrender), (-SIGKILL, [SIGTERM], .surrender),
    (-SIGSEGV, [SIGTERM, SIGKILL], .surrender), (0, [SIGTERM], .surrender), (0, [], .surrender),
    (70, [SIGTERM, SIGKILL], .surrender),
  ]

  @Test("is told by its code and the signals that it was sent", arguments: Self.ends)
  func end(end: (code: Int32, sent: Set<Int32>, end: ProcessEnd)) {
    #expect(ProcessEnd(code: end.code, sent: end.sent) == end.end)
  }
}
