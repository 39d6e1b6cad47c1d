/// How a database file is opened.
package enum ConnectionMode: Hashable, Sendable {
  /// For writing; an absent file is made.
  case create
  /// For writing; the file must be there.
  case readWrite
  /// For reading. It blocks no writer, and no writer blocks it.
  case readOnly
}

/// When what is committed is on the disk; SQLite's `synchronous`.
package enum Synchronous: String, Hashable, Sendable {
  /// Before the commit returns: nothing committed is ever lost. For live trading.
  case full = "FULL"
  /// Now and then: a power cut may lose the last commits, the file stays whole. For paper trading.
  case normal = "NORMAL"
  /// When the system likes: a power cut may spoil the file, a killed process may not. For backtests.
  case off = "OFF"
}

/// Where changes wait until they are committed; SQLite's `journal_mode`.
package enum JournalMode: String, Hashable, Sendable {
  /// In a log beside the file, while readers go on reading.
  case writeAheadLog = "wal"
  /// The old pages are kept in a file beside it.
  case rollback = "delete"
  /// The old pages are kept in memory: a killed process may spoil the file.
  case memory = "memory"
}

/// What else a connection may be told.
package struct ConnectionOptions: Hashable, Sendable {
  /// When what is committed is on the disk.
  package var synchronous: Synchronous
  /// Where changes wait; not changed by a connection that only reads.
  package var journal: JournalMode
  /// How long to wait for another process's lock.
  package var busyTimeoutMilliseconds: Int32

  package init(
    synchronous: Synchronous = .full, journal: JournalMode = .writeAheadLog,
    busyTimeoutMilliseconds: Int32 = 5000
  ) {
    self.synchronous = synchronous
    self.journal = journal
    self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
  }
}
