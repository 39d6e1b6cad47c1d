extension Connection {
  /// Whether a transaction is under way.
  package var isInTransaction: Bool { library.functions.isAutocommit(handle) == 0 }

  /// Does `body` as a whole or not at all: whatever it throws takes back what it wrote.
  ///
  /// It takes the writer's place at once, so that it cannot fail half way for want of a lock. Must not
  /// be called within another.
  package func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    precondition(!isInTransaction, "a transaction within a transaction")
    try execute("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // A full disk, among others, has SQLite take it back by itself. What `body` met is the news, not
      // what taking it back met: an uncommitted transaction is void in any case.
      if isInTransaction { try? execute("ROLLBACK") }
      throw error
    }
  }
}
