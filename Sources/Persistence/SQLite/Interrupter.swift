import Locking

/// Stops what a connection is doing; from any thread, and harmless after it is closed.
package final class Interrupter: Sendable {
  private let library: SQLiteLibrary
  /// The address of the connection's handle, which is not `Sendable`; 0 once it is closed.
  private let address: Locked<UInt>

  init(_ handle: OpaquePointer, _ library: SQLiteLibrary) {
    self.library = library
    address = Locked(UInt(bitPattern: handle))
  }

  /// The statement under way ends with an error of the kind `interrupted`.
  package func interrupt() {
    address.withLock { if $0 != 0 { library.functions.interrupt(OpaquePointer(bitPattern: $0)) } }
  }

  /// The connection is about to close.
  func close() { address.withLock { $0 = 0 } }
}
