import Glibc

/// How far long work is: one line on standard error, on a terminal only, erased at the end.
///
/// It appears after a second, so that short work shows nothing, and is drawn ten times a second.
final class ProgressBar {
  private let verb: String
  private let unit: String
  private let total: Int
  private let begin: Double
  private var next: Double
  private var isShown = false

  /// A bar for work on so many units; `nil` where standard error is no terminal.
  init?(_ verb: String, total: Int, unit: String) {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    self.verb = verb
    self.unit = unit
    self.total = total
    begin = Self.now
    next = begin + 1
  }

  deinit { erase() }

  /// Says how much is done.
  func show(_ done: Int) {
    let now = Self.now
    guard now >= next else { return }
    next = now + 0.1
    isShown = true
    let line = Self.line(verb, done: done, of: total, unit: unit, seconds: now - begin)
    Output.raw("\r" + line + "\u{1B}[K", to: STDERR_FILENO)
  }

  /// Takes the line away.
  func erase() {
    if isShown { Output.raw("\r\u{1B}[K", to: STDERR_FILENO) }
    isShown = false
  }

  /// Such as `playing  42% [########            ] 18.3 M candles/s, 3 s left`.
  static func line(
    _ verb: String, done: Int, of total: Int, unit: String, seconds: Double
  ) -> String {
    let share = total > 0 ? min(1, Double(done) / Double(total)) : 0
    let filled = Int(share * 20)
    let bar = String(repeating: "#", count: filled) + String(repeating: " ", count: 20 - filled)
    let percent = "\(Int(share * 100))%"
    var line = "\(verb) " + String(repeating: " ", count: 4 - percent.count) + percent + " [\(bar)]"
    guard done > 0, seconds > 0 else { return line }
    let speed = Double(done) / seconds
    line += " \(short(speed)) \(unit)/s"
    if total > done { line += ", \(Int((Double(total - done) / speed).rounded(.up))) s left" }
    return line
  }

  /// Three digits or so, and what they are thousands of.
  private static func short(_ number: Double) -> String {
    for (size, letter) in [(1e9, " G"), (1e6, " M"), (1e3, " k")] where number >= size {
      let tenths = Int(number / size * 10)
      return "\(tenths / 10).\(tenths % 10)\(letter)"
    }
    return "\(Int(number))"
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
