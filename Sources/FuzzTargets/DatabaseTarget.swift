import Glibc
import Persistence
import Strategy

/// A whole database: whatever its bytes, readers give what is in it or an error that says what to do.
enum DatabaseTarget {
  static func finding(in bytes: [UInt8]) -> String? {
    let path = "/tmp/ratchet-fuzz-\(getpid())-\(pthread_self()).db"
    defer { for end in ["", "-wal", "-shm", "-journal", "-lock"] { unlink(path + end) } }
    let attempts: [() throws -> Void] = [
      {
        _ = try DatabaseCheck.all(
          of: Connection(path: path, mode: .readOnly), Schema.migrator, limit: 5)
      },
      { _ = try Store.read(at: .init(path: path)).audit(ConfluenceStrategy.self) },
      { try look(try Store.read(at: .init(path: path))) },
      { _ = try RequestDesk(at: .init(path: path)).unanswered() },
      {
        _ = try StoreWriter(
          Store.open(at: .init(path: path, synchronous: .off)), rhythm: .never, replaying: true)
      },
    ]
    for attempt in attempts {
      guard write(bytes, to: path) else { return nil }
      do { try attempt() } catch {
        if "\(error)".isEmpty { return "an error without words" }
      }
    }
    return nil
  }

  private static func look(_ store: Store) throws {
    for pair in store.pairs.indices.prefix(4) {
      _ = try store.reader.orders(of: pair)
      _ = try store.reader.positions(of: pair)
    }
    _ = try store.reader.account()
    _ = try store.reader.order(named: "1", among: store.pairs)
  }

  private static func write(_ bytes: [UInt8], to path: String) -> Bool {
    for end in ["-wal", "-shm", "-journal"] { unlink(path + end) }
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { return false }
    defer { close(file) }
    return Glibc.write(file, bytes, bytes.count) == bytes.count
  }
}
