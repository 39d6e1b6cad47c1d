import Glibc

/// A value behind a lock of POSIX.
///
/// The thread sanitizer understands that; it does not understand `Synchronization.Mutex` on Linux, and
/// would call whatever that protects a race.
///
/// `@unchecked Sendable`, because: the value is reached in `withLock` only, with the mutex held.
package final class Locked<Value>: @unchecked Sendable {
  private var value: Value
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  /// A value that nobody has the lock of.
  package init(_ value: Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Reaches the value while nobody else does.
  ///
  /// - Parameter body: What is done with it.
  /// - Returns: What `body` does.
  /// - Throws: What `body` throws.
  package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
