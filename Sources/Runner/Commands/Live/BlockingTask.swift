import Glibc
import Synchronization

/// Runs asynchronous work from a command, which is not.
enum BlockingTask {
  /// The result of some work, once it is there.
  ///
  /// `@unchecked Sendable`, because: `value` is written before `isDone` is set, with release, and read
  /// after it was seen, with acquire.
  private final class Box<Value: Sendable>: @unchecked Sendable {
    var value: Result<Value, any Error>?
    let isDone = Atomic<Bool>(false)
  }

  /// Runs `body` and waits for it; Ctrl-C and SIGTERM cancel its task, and it is waited for all the same.
  ///
  /// - Parameter body: What to do; it ends soon after its task was cancelled.
  /// - Returns: What it returns.
  /// - Throws: What it throws.
  static func run<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) throws -> Value {
    let box = Box<Value>()
    let task = Task.detached {
      do { box.value = .success(try await body()) } catch { box.value = .failure(error) }
      box.isDone.store(true, ordering: .releasing)
    }
    while !box.isDone.load(ordering: .acquiring) {
      if Interruption.signal != nil { task.cancel() }
      usleep(10_000)
    }
    guard let value = box.value else { preconditionFailure("a task is done without a result") }
    return try value.get()
  }
}
