import Foundation
import Synchronization

@testable import Telemetry

/// Remembers what it is told.
final class Recorder: LogSink {
  private let told = Mutex<[LogEvent]>([])
  var events: [LogEvent] { told.withLock { $0 } }
  func write(_ event: LogEvent) { told.withLock { $0.append(event) } }
}

/// 2024-01-01 03:04:05.678 UTC.
let noon: Int64 = 1_704_078_245_678_000_000

func line(_ format: LogFormat, _ event: LogEvent) -> String {
  String(decoding: format.bytes(of: event), as: UTF8.self)
}

/// Runs `body` with a new folder, and removes that afterwards.
func withTemporaryFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(
    path: "ratchet-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(at: folder) }  // A leftover harms no later test.
  try body(folder)
}
