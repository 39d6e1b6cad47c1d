/// Why a store cannot be used for what was asked.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package enum Problem: Hashable, Sendable {
    /// It is a database, but none of ours.
    case notAStore
    /// It belongs to another run; the words say what differs.
    case otherRun(String)
    /// An event of the run was recorded otherwise.
    case differs(event: Int64, recorded: String, now: String)
    /// The record goes on where the run is over.
    case unplayed(event: Int64, recorded: String)
    /// A row of the record cannot be read.
    case badEvent(Int64, String)
    /// Rows that cannot stand together; the words name table, row and figures.
    case badRow(String)
    /// The last snapshot is damaged.
    case badSnapshot(Int64, String)
    /// The state before the first event is not there.
    case noBeginning
    /// It is of a backtest, which is over as soon as it is made.
    case nothingToSteer
    /// It has no pair of that number.
    case noSuchPair(Int)
  }

  /// The database.
  package var path: String
  /// What is wrong.
  package var problem: Problem

  /// An error of these parts.
  package init(path: String, problem: Problem) {
    self.path = path
    self.problem = problem
  }

  /// One line for the user.
  package var description: String {
    switch problem {
    case .notAStore:
      "\(path): this database was not made by Ratchet: it has no run in it. Name another file."
    case .otherRun(let difference):
      "\(path): this database belongs to another run: \(difference). Name another file, or run what it "
        + "was made by."
    case .differs(let event, let recorded, let now):
      "\(path): event \(event) was recorded as '\(recorded)', and the same inputs give '\(now)' now. "
        + "The record or the program has changed: runner db check --db \(path) looks at the record."
    case .unplayed(let event, let recorded):
      "\(path): the record goes on with event \(event), '\(recorded)', where the run is over. The "
        + "candles or the program have changed."
    case .badEvent(let event, let reason):
      "\(path): event \(event) of the record cannot be read: \(reason). Run `runner db check --db "
        + "\(path)`, and restore a backup made by `runner db backup`."
    case .badRow(let what):
      "\(path): \(what). Run `runner db check --db \(path)`, and restore a backup made by `runner db "
        + "backup`."
    case .badSnapshot(let event, let reason):
      "\(path): the snapshot after event \(event) is damaged: \(reason). Run `runner db check --db "
        + "\(path)`, and restore a backup made by `runner db backup`."
    case .noBeginning:
      "\(path): the state before the first event is not in this database, so the record cannot be "
        + "replayed. Restore a backup made by `runner db backup`."
    case .nothingToSteer:
      "\(path): this database is of a backtest, which has no engine to steer. Look at it with "
        + "'positions', 'orders', 'trades' and 'portfolio'."
    case .noSuchPair(let pair):
      "\(path): the record names pair \(pair), which the database does not have. Run `runner db check "
        + "--db \(path)`, and restore a backup made by `runner db backup`."
    }
  }
}
